import { kindMask, neighboursOf } from './csr.ts';
import type { GraphView } from './graph-view.ts';

const TESTS = kindMask(['tests']);
const MAX_FILES = 8;

/**
 * Files of tests by weight: of nodes that they test, or that are in them. What many files test says little about any.
 * Each with the number of its tests.
 */
export function testFilesOf(view: GraphView, weights: ReadonlyMap<number, number>): string[] {
  const files = new Map<string, { readonly tests: Set<number>; weight: number }>();
  for (const [row, weight] of weights) {
    const tests = testsOf(view, row);
    const share = weight / Math.sqrt(new Set(tests.map((test) => view.pathOf(test))).size);
    const met = new Set<string>();
    for (const test of tests) {
      const path = view.pathOf(test);
      const file = files.get(path) ?? { tests: new Set(), weight: 0 };
      file.tests.add(test);
      if (!met.has(path)) file.weight += share;
      met.add(path);
      files.set(path, file);
    }
  }
  const ranked = [...files].toSorted(
    ([a, x], [b, y]) => y.weight - x.weight || y.tests.size - x.tests.size || (a < b ? -1 : 1),
  );
  return ranked.slice(0, MAX_FILES).map(([path, { tests }]) => `${path} (${tests.size})`);
}

/** Tests of the node or of what is in it; a test itself. */
function testsOf(view: GraphView, row: number): number[] {
  if (view.kindOf(row) === 'test') return [row];
  return view.withDescendants(row).flatMap((inner) => neighboursOf(view.reverse, inner, TESTS));
}
