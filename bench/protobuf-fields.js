/**
 * The fields of a protobuf message: length-delimited ones with their bytes, varints with their value.
 * https://protobuf.dev/programming-guides/encoding
 * @param {Uint8Array} bytes
 */
export function* fieldsOf(bytes) {
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at] ?? 0;
      at += 1;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const value = varint();
    const isDelimited = (tag & 7) === 2;
    yield { field: tag >> 3, value, bytes: isDelimited ? bytes.subarray(at, at + value) : new Uint8Array(0) };
    if (isDelimited) at += value;
  }
}

/**
 * The numbers of a packed repeated field.
 * @param {Uint8Array} bytes
 */
export function packedNumbers(bytes) {
  /** @type {number[]} */
  const numbers = [];
  let value = 0;
  let shift = 0;
  for (const byte of bytes) {
    value += (byte & 0x7f) * 2 ** shift;
    shift += 7;
    if (byte >= 0x80) continue;
    numbers.push(value);
    value = 0;
    shift = 0;
  }
  return numbers;
}
