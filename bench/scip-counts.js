import { readFileSync } from 'node:fs';

/** Fields of the messages of a SCIP index that are counted: https://github.com/sourcegraph/scip, scip.proto. */
const INDEX_DOCUMENTS = 2;
const DOCUMENT_OCCURRENCES = 2;
const DOCUMENT_SYMBOLS = 3;

/**
 * What a SCIP index file holds, so that it can be seen whether two engines did comparable work.
 * @param {string} path
 */
export function scipCounts(path) {
  const documents = [...fieldsOf(readFileSync(path))].filter(({ field }) => field === INDEX_DOCUMENTS);
  let occurrences = 0;
  let symbols = 0;
  for (const document of documents) {
    for (const { field } of fieldsOf(document.bytes)) {
      if (field === DOCUMENT_OCCURRENCES) occurrences += 1;
      if (field === DOCUMENT_SYMBOLS) symbols += 1;
    }
  }
  return { documents: documents.length, occurrences, symbols };
}

/**
 * The length-delimited fields of a protobuf message; of others SCIP's top levels have only varints, which are passed over.
 * @param {Uint8Array} bytes
 */
function* fieldsOf(bytes) {
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
    const length = varint();
    if ((tag & 7) !== 2) continue;
    yield { field: tag >> 3, bytes: bytes.subarray(at, at + length) };
    at += length;
  }
}
