import { readFileSync } from 'node:fs';
import { fieldsOf, packedNumbers } from '../protobuf-fields.js';

/** Field numbers of https://github.com/sourcegraph/scip, scip.proto. */
const INDEX_DOCUMENTS = 2;
const DOCUMENT = { path: 1, occurrences: 2 };
const OCCURRENCE = { range: 1, symbol: 2, roles: 3 };
const DEFINITION = 1;

/**
 * @typedef {object} Occurrence
 * @property {string} place `path:line:column`, both from 1
 * @property {string} symbol of locals with the path of their document, in which alone they are known
 * @property {boolean} isDefinition
 */

/**
 * Every occurrence of a SCIP index file.
 * @param {string} file
 * @returns {Occurrence[]}
 */
export function scipOccurrences(file) {
  const documents = [...fieldsOf(readFileSync(file))].filter(({ field }) => field === INDEX_DOCUMENTS);
  return documents.flatMap((document) => {
    const fields = [...fieldsOf(document.bytes)];
    const path = textOf(fields.find(({ field }) => field === DOCUMENT.path)?.bytes);
    return fields.filter(({ field }) => field === DOCUMENT.occurrences).map(({ bytes }) => occurrenceOf(path, bytes));
  });
}

/**
 * @param {string} path
 * @param {Uint8Array} bytes
 * @returns {Occurrence}
 */
function occurrenceOf(path, bytes) {
  let [line, column] = [0, 0];
  let symbol = '';
  let roles = 0;
  for (const { field, value, bytes: inner } of fieldsOf(bytes)) {
    if (field === OCCURRENCE.range) [line = 0, column = 0] = packedNumbers(inner);
    if (field === OCCURRENCE.symbol) symbol = textOf(inner);
    if (field === OCCURRENCE.roles) roles = value;
  }
  return {
    place: `${path}:${line + 1}:${column + 1}`,
    symbol: symbol.startsWith('local ') ? `${path} ${symbol}` : symbol,
    isDefinition: (roles & DEFINITION) !== 0,
  };
}

/** @param {Uint8Array | undefined} bytes */
function textOf(bytes) {
  return Buffer.from(bytes ?? []).toString('utf8');
}
