import type { GraphView } from '../query/graph-view.ts';
import type { CommitCounts } from './commit-counts.ts';
import { fileLinksOf } from './file-links.ts';

/** What already says that two files belong together. */
export type Explanation = 'import' | 'names' | 'folder';

export interface CoChange {
  readonly one: string;
  readonly two: string;
  /** Commits that touched both. */
  readonly support: number;
  /** The share of these in the commits of the file that is touched less often, which is `one`. */
  readonly confidence: number;
  /** How many times more often than by chance. */
  readonly lift: number;
  /** Undefined when nothing in the code does. */
  readonly explanation: Explanation | undefined;
}

/** Below, chance is too likely. */
export const MIN_SUPPORT = 5;
export const MIN_CONFIDENCE = 0.5;

/**
 * Pairs of files that are changed by the same commits, those that nothing explains first, then by how often. Support,
 * confidence and lift are those of association rules (R. Agrawal and others, 1993); over commits: T. Zimmermann and
 * others, "Mining Version Histories to Guide Software Changes" (2004).
 */
export function findCoChanges(view: GraphView, { commits, byPath }: CommitCounts): CoChange[] {
  const imports = importsOf(view);
  const found: CoChange[] = [];
  for (const { paths, support } of pairsOf(commits)) {
    const [one, two] = paths.toSorted((a, b) => (byPath.get(a) ?? 0) - (byPath.get(b) ?? 0) || (a < b ? -1 : 1));
    if (support < MIN_SUPPORT || one === undefined || two === undefined) continue;
    const confidence = support / (byPath.get(one) ?? 1);
    const lift = (confidence * commits.length) / (byPath.get(two) ?? 1);
    if (confidence < MIN_CONFIDENCE || lift <= 1) continue;
    found.push({ one, two, support, confidence, lift, explanation: explanationOf(imports, one, two) });
  }
  const weight = ({ support, confidence }: CoChange): number => support * confidence;
  const isExplained = ({ explanation }: CoChange): number => Number(explanation !== undefined);
  return found.toSorted((a, b) => isExplained(a) - isExplained(b) || weight(b) - weight(a) || (a.one < b.one ? -1 : 1));
}

interface Pair {
  readonly paths: readonly string[];
  support: number;
}

function pairsOf(commits: CommitCounts['commits']): Iterable<Pair> {
  const pairs = new Map<string, Pair>();
  for (const paths of commits) {
    const sorted = paths.toSorted();
    for (const [at, one] of sorted.entries()) {
      for (const two of sorted.slice(at + 1)) {
        const key = keyOf(one, two);
        const pair = pairs.get(key);
        if (pair === undefined) pairs.set(key, { paths: [one, two], support: 1 });
        else pair.support += 1;
      }
    }
  }
  return pairs.values();
}

function importsOf(view: GraphView): ReadonlySet<string> {
  const links = fileLinksOf(view).map(({ from, to }) => [view.pathOf(from), view.pathOf(to)].toSorted());
  return new Set(links.map(([one = '', two = '']) => keyOf(one, two)));
}

/** In their order. */
function keyOf(one: string, two: string): string {
  return `${one}\n${two}`;
}

function explanationOf(imports: ReadonlySet<string>, one: string, two: string): Explanation | undefined {
  const [first = '', second = ''] = [one, two].toSorted();
  if (imports.has(keyOf(first, second))) return 'import';
  if (stemOf(one) === stemOf(two)) return 'names';
  return folderOf(one) === folderOf(two) ? 'folder' : undefined;
}

/** `cart` of `src/cart.ts`, `test/cart.test.ts` and `cart.stories.tsx`; of an `index` that of its folder. */
function stemOf(path: string): string {
  const [stem = ''] = path.slice(path.lastIndexOf('/') + 1).split('.');
  return stem === 'index' ? folderOf(path).slice(folderOf(path).lastIndexOf('/') + 1) : stem;
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
