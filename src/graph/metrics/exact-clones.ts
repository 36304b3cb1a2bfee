import { piecesIn } from './clone-pieces.ts';
import type { TokenRun } from './clone-pieces.ts';
import { likenessOf } from './renaming.ts';
import type { TokenCorpus } from './token-corpus.ts';
import { repeatsOf } from './token-repeats.ts';

export interface RunClass {
  readonly type: 'exact' | 'renamed';
  readonly runs: readonly TokenRun[];
}

/** A run is not told again when this much of it has been told in a larger class. */
const MAX_COVERED = 0.6;
/** Of a class, one run in so many has to be new. */
const MIN_NEW = 3;
const MIN_LIST = 4;
/** Tables and long lists repeat a few kinds of tokens over and over. */
const MIN_VARIETY = 12;
/** Of a class: more of them add nothing to what is to be done. */
const MAX_RUNS = 200;

/**
 * Runs of whole statements or members that stand in several places, but for layout (type 1) and names and literals (type
 * 2), those with the most tokens to save first. No run overlaps another of its class.
 */
export function findExactClones(corpus: TokenCorpus, covered: Uint8Array, minLength: number): RunClass[] {
  const classes: RunClass[] = [];
  for (const candidate of candidatesOf(corpus, minLength)) {
    const isNew = (run: TokenRun): boolean => coverageOf(covered, run) <= MAX_COVERED;
    if (!isWorthTelling(candidate, isNew)) continue;
    for (const found of partition(corpus, candidate)) {
      if (!isWorthTelling(found.runs, isNew)) continue;
      if (found.type === 'renamed' && isList(corpus, found.runs[0])) continue;
      classes.push(found);
      for (const { from, to } of found.runs) covered.fill(1, from, to);
    }
  }
  return classes;
}

function isWorthTelling(runs: readonly TokenRun[], isNew: (run: TokenRun) => boolean): boolean {
  return MIN_NEW * runs.filter(isNew).length >= runs.length;
}

/** Whether a run is a list: pieces of few shapes, one after the other. */
function isList({ shapes, pieceEnds }: TokenCorpus, { from, to } = { from: 0, to: 0 }): boolean {
  const pieces: string[] = [];
  for (let at = from; at < to;) {
    const end = Math.max(pieceEnds[at] ?? 0, at + 1);
    pieces.push(shapes.subarray(at, end).join(' '));
    at = end;
  }
  return pieces.length >= MIN_LIST && 2 * new Set(pieces).size <= pieces.length;
}

/** The share of a run that is marked. */
export function coverageOf(covered: Uint8Array, { from, to }: TokenRun): number {
  let count = 0;
  for (let at = from; at < to; at += 1) count += covered[at] ?? 0;
  return count / (to - from);
}

function candidatesOf(corpus: TokenCorpus, minLength: number): TokenRun[][] {
  const byPlace = new Map<string, TokenRun[]>();
  for (const { length, positions } of repeatsOf(corpus.shapes, corpus.upper, minLength)) {
    const first = positions[0] ?? 0;
    for (const piece of piecesIn(corpus, { from: first, to: first + length }, minLength)) {
      if (varietyOf(corpus, piece) < MIN_VARIETY) continue;
      const runs = apart(positions, piece.from - first, piece.to - piece.from);
      const key = `${runs[0]?.from} ${piece.to - piece.from}`;
      if (runs.length > (byPlace.get(key)?.length ?? 1)) byPlace.set(key, runs);
    }
  }
  return [...byPlace.values()].toSorted((one, two) => savingOf(two) - savingOf(one) || lengthOf(two) - lengthOf(one));
}

/** What would go if all runs but one did. */
function savingOf(runs: readonly TokenRun[]): number {
  return lengthOf(runs) * (runs.length - 1);
}

function lengthOf([first]: readonly TokenRun[]): number {
  return first === undefined ? 0 : first.to - first.from;
}

function varietyOf({ shapes }: TokenCorpus, { from, to }: TokenRun): number {
  return new Set(shapes.subarray(from, to)).size;
}

/** In the order of the text, without those that overlap the one before. */
function apart(positions: Int32Array, shift: number, length: number): TokenRun[] {
  const runs: TokenRun[] = [];
  for (const position of positions.toSorted()) {
    const from = position + shift;
    if (from >= (runs.at(-1)?.to ?? 0)) runs.push({ from, to: from + length });
    if (runs.length === MAX_RUNS) break;
  }
  return runs;
}

/** Runs of one shape that are copies of one another. */
function partition(corpus: TokenCorpus, runs: readonly TokenRun[]): RunClass[] {
  const classes: RunClass[] = [];
  let rest = runs;
  for (let first = rest[0]; first !== undefined && rest.length > 1; first = rest[0]) {
    const model = first;
    const likeness = rest.map((run) => likenessOf(corpus, model, run));
    const same = rest.filter((_, at) => likeness[at] !== 'different');
    const type = likeness.includes('renamed') ? 'renamed' : 'exact';
    if (same.length > 1) classes.push({ type, runs: same });
    rest = rest.filter((_, at) => likeness[at] === 'different');
  }
  return classes;
}
