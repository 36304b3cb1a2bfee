import { splitWords, squash, stem } from './identifier-words.ts';

/** A question, not a document. */
const MAX_TERMS = 16;

/** Say nothing of what is meant, and stand in many comments. */
const STOP_WORDS = new Set(
  'a after an and any are as at be been before but by can do does for from has have how if in into is it its not of on or should so such that the their then there these this to was what when where which while why will with'.split(
    ' ',
  ),
);

/** What is looked up in an index for a word of a query. */
export interface QueryTerm {
  readonly term: string;
  /** As it stands in the query. */
  readonly typed: string;
  /** Several words written as one, `getUser`, which are looked up one by one, too. */
  readonly isWhole: boolean;
}

/** The words of a query that tell something; all of them when none does. */
export function termsOf(query: string): QueryTerm[] {
  const typed = query.match(/[\p{L}\p{N}_$]+/gu) ?? [];
  const wholes = typed.filter((part) => splitWords(part).length > 1);
  const all = splitWords(query);
  const telling = all.filter((word) => !STOP_WORDS.has(word));
  const words = telling.length > 0 ? telling : all;
  const terms = [
    ...wholes.map((part) => ({ term: squash(part), typed: part, isWhole: true })),
    ...words.map((word) => ({ term: stem(word), typed: word, isWhole: false })),
  ];
  return [...new Map(terms.toReversed().map((one) => [one.term, one])).values()].toReversed().slice(0, MAX_TERMS);
}
