/** Wire types of protobuf that are used here: https://protobuf.dev/programming-guides/encoding/. */
const VARINT = 0;
const LENGTH_DELIMITED = 2;

/** A protobuf message under construction. Numbers are whole and not negative; defaults are left out, as proto3 has it. */
export class ProtobufMessage {
  readonly #parts: Buffer[] = [];

  number(field: number, value: number): this {
    if (value !== 0) this.#parts.push(varint(field * 8 + VARINT), varint(value));
    return this;
  }

  flag(field: number, value: boolean): this {
    return this.number(field, value ? 1 : 0);
  }

  text(field: number, value: string): this {
    return value === '' ? this : this.#delimited(field, Buffer.from(value));
  }

  /** Also when it is empty: that it is there says something. */
  message(field: number, value: ProtobufMessage): this {
    return this.#delimited(field, value.toBytes());
  }

  /** A packed list. */
  numbers(field: number, values: readonly number[]): this {
    return this.#delimited(field, Buffer.concat(values.map(varint)));
  }

  toBytes(): Buffer {
    return Buffer.concat(this.#parts);
  }

  #delimited(field: number, content: Buffer): this {
    this.#parts.push(varint(field * 8 + LENGTH_DELIMITED), varint(content.length), content);
    return this;
  }
}

/** Seven bits a byte, the lowest first; the eighth says that more follow. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80);
  bytes.push(rest);
  return Buffer.from(bytes);
}
