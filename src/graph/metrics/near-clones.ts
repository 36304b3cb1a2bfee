import { coverageOf } from './exact-clones.ts';
import type { TokenRun } from './clone-pieces.ts';
import { likelyPairsOf } from './min-hash.ts';
import type { TokenCorpus } from './token-corpus.ts';
import { tokenDistanceOf } from './token-distance.ts';

export interface NearClass {
  readonly runs: readonly TokenRun[];
  /** Of the least similar one to the first: the share of tokens that both have in common, in order. */
  readonly similarity: number;
}

const MIN_SIMILARITY = 0.8;
/** A function of which this much is a clone already is not told again. */
const MAX_COVERED = 0.5;
/** The comparison takes the square of what differs. */
const MAX_LENGTH = 10_000;

/** Functions that are largely the same token by token, names and literals included (type 3), the longest first. */
export function findNearClones(corpus: TokenCorpus, covered: Uint8Array, functions: readonly TokenRun[]): NearClass[] {
  const fresh = functions
    .filter((run) => run.to - run.from <= MAX_LENGTH && coverageOf(covered, run) < MAX_COVERED)
    .toSorted((one, two) => two.to - two.from - (one.to - one.from) || one.from - two.from);
  const texts = fresh.map((run) => textOf(corpus, run));
  const likely = new Map<number, number[]>();
  for (const [one, two] of likelyPairsOf(texts)) likely.set(one, [...(likely.get(one) ?? []), two]);
  const classes: NearClass[] = [];
  for (const [at, first] of fresh.entries()) {
    if (coverageOf(covered, first) >= MAX_COVERED) continue;
    const similar = (likely.get(at) ?? []).flatMap((other) => {
      const run = fresh[other];
      if (run === undefined || overlaps(first, run) || coverageOf(covered, run) >= MAX_COVERED) return [];
      const similarity = similarityOf(textOf(corpus, first), textOf(corpus, run));
      return similarity === undefined ? [] : [{ run, similarity }];
    });
    if (similar.length === 0) continue;
    const apart = withoutOverlaps(similar);
    const runs = [first, ...apart.map(({ run }) => run)];
    for (const { from, to } of runs) covered.fill(1, from, to);
    classes.push({ runs, similarity: Math.min(...apart.map(({ similarity }) => similarity)) });
  }
  return classes;
}

interface Similar {
  readonly run: TokenRun;
  readonly similarity: number;
}

/** A function and one inside of it may both be alike: the one that is more so stays. In the order of the text. */
function withoutOverlaps(similar: readonly Similar[]): Similar[] {
  const kept: Similar[] = [];
  for (const each of similar.toSorted((one, two) => two.similarity - one.similarity)) {
    if (!kept.some(({ run }) => overlaps(run, each.run))) kept.push(each);
  }
  return kept.toSorted((one, two) => one.run.from - two.run.from);
}

function textOf({ texts }: TokenCorpus, { from, to }: TokenRun): Int32Array {
  return texts.subarray(from, to);
}

function overlaps(one: TokenRun, two: TokenRun): boolean {
  return one.from < two.to && two.from < one.to;
}

function similarityOf(one: Int32Array, two: Int32Array): number | undefined {
  const total = one.length + two.length;
  const distance = tokenDistanceOf(one, two, Math.floor((1 - MIN_SIMILARITY) * total));
  return distance === undefined ? undefined : 1 - distance / total;
}
