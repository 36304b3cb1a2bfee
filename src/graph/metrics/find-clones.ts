import { isSidePath } from './side-path.ts';
import { MIN_CLONE_TOKENS } from './clone-limits.ts';
import { findExactClones } from './exact-clones.ts';
import { findNearClones } from './near-clones.ts';
import type { TokenRun } from './clone-pieces.ts';
import type { ClonePlace, CorpusFile } from './token-corpus.ts';
import { TokenCorpus } from './token-corpus.ts';

export interface CloneClass {
  readonly type: 'exact' | 'renamed' | 'near';
  /** Of `near`: the share of tokens in common. */
  readonly similarity?: number;
  /** Of the first place. */
  readonly tokens: number;
  readonly places: readonly ClonePlace[];
  /** All of them are in tests, benches or examples. */
  readonly isAside: boolean;
}

/** Code that stands in several places: of one program first, then that of tests; what is most to save first. */
export function findClones(files: readonly CorpusFile[]): CloneClass[] {
  const corpus = new TokenCorpus(files);
  const covered = new Uint8Array(corpus.shapes.length);
  const exact = findExactClones(corpus, covered, MIN_CLONE_TOKENS);
  // Tests are alike on purpose.
  const near = findNearClones(corpus, covered, functionsOf(corpus));
  const classes = [
    ...exact.map((found) => classOf(corpus, found)),
    ...near.map(({ runs, similarity }) => classOf(corpus, { type: 'near', runs, similarity })),
  ];
  const saving = ({ tokens, places }: CloneClass): number => tokens * (places.length - 1);
  return classes.toSorted((one, two) => Number(one.isAside) - Number(two.isAside) || saving(two) - saving(one));
}

function functionsOf(corpus: TokenCorpus): TokenRun[] {
  return corpus.files.flatMap(({ path, stream }, index) => {
    if (isSidePath(path)) return [];
    const offset = corpus.offsetOf(index);
    const large = stream.functions.filter(({ from, to }) => to - from >= MIN_CLONE_TOKENS);
    return large.map(({ from, to }) => ({ from: offset + from, to: offset + to }));
  });
}

type Found = Pick<CloneClass, 'type' | 'similarity'> & { readonly runs: readonly TokenRun[] };

function classOf(corpus: TokenCorpus, { type, similarity, runs }: Found): CloneClass {
  const places = runs.map(({ from, to }) => corpus.placeOf(from, to - from));
  const [first] = runs;
  const tokens = first === undefined ? 0 : first.to - first.from;
  const isAside = places.every(({ path }) => isSidePath(path));
  return { type, tokens, places, isAside, ...(similarity !== undefined && { similarity }) };
}
