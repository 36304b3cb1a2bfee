import type { GraphView } from '../query/graph-view.ts';
import type { CommitCounts } from './commit-counts.ts';

/** What already says that two files belong together. */
export type Explanation = 'use' | 'names' | 'folder';

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
  const uses = new FileUsePairs(view);
  const found: CoChange[] = [];
  for (const { paths, support } of pairsOf(commits)) {
    const [one, two] = paths.toSorted((a, b) => (byPath.get(a) ?? 0) - (byPath.get(b) ?? 0) || (a < b ? -1 : 1));
    if (support < MIN_SUPPORT || one === undefined || two === undefined) continue;
    const confidence = support / (byPath.get(one) ?? 1);
    const lift = (confidence * commits.length) / (byPath.get(two) ?? 1);
    if (confidence < MIN_CONFIDENCE || lift <= 1) continue;
    found.push({ one, two, support, confidence, lift, explanation: explanationOf(uses, one, two) });
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
        const key = `${one}\n${two}`;
        const pair = pairs.get(key);
        if (pair === undefined) pairs.set(key, { paths: [one, two], support: 1 });
        else pair.support += 1;
      }
    }
  }
  return pairs.values();
}

/** Pairs of files of which one imports the other or uses a symbol of it, be it by way of a barrel. */
class FileUsePairs {
  readonly #view: GraphView;
  readonly #pairs = new Set<number>();

  constructor(view: GraphView) {
    this.#view = view;
    const { nodes, edges } = view.columns;
    for (let edge = 0; edge < edges.count; edge += 1) {
      const [from, to] = [nodes.file[edges.source[edge] ?? 0] ?? 0, nodes.file[edges.target[edge] ?? 0] ?? 0];
      if (from !== to) this.#pairs.add(this.#key(from, to));
    }
  }

  has(one: string, two: string): boolean {
    const [from, to] = [one, two].map((path) => this.#view.columns.nodes.file[this.#view.rowOfFile(path) ?? -1]);
    return from !== undefined && to !== undefined && this.#pairs.has(this.#key(from, to));
  }

  /** The same for both orders. */
  #key(one: number, two: number): number {
    return Math.min(one, two) * this.#view.columns.files.length + Math.max(one, two);
  }
}

function explanationOf(uses: FileUsePairs, one: string, two: string): Explanation | undefined {
  if (uses.has(one, two)) return 'use';
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
