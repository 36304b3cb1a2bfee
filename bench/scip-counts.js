import { readFileSync } from 'node:fs';
import { fieldsOf } from './protobuf-fields.js';

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
