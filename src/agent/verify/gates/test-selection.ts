import { posix } from 'node:path';

export interface SelectionRequest {
  /** Changed files, relative to the workspace. */
  readonly changed: readonly string[];
  /** All files of the workspace. */
  readonly files: readonly string[];
  /** Files that import one; without it, tests are found by their names alone. */
  readonly importersOf?: ((path: string) => Promise<readonly string[]>) | undefined;
  readonly maxTests?: number | undefined;
}

export interface TestSelection {
  /** Nearest first; empty: all tests are run. */
  readonly tests: readonly string[];
  /** A sentence: how they were chosen. */
  readonly how: string;
  /** Whether some test reaches the change, as far as imports and names tell. */
  readonly reaches: 'yes' | 'no' | 'unknown';
}

/** A whole suite of so few files costs no more than choosing. */
const FEW_TESTS = 10;
const MAX_TESTS = 40;
/** Hubs are imported by everything: what is farther says little of the change. */
const MAX_VISITED = 5_000;

const TEST_FILE =
  /(?:[._-](?:test|tests|spec|e2e|cy))\.[cm]?[jt]sx?$|(?:^|\/)(?:__tests__|tests?|spec|e2e)\/.*\.[cm]?[jt]sx?$/;
/** Beside tests, but none themselves. */
const BESIDE_TESTS = /\.d\.[cm]?ts$|(?:^|\/)(?:fixtures?|__fixtures__|__mocks__|support|helpers?|utils?|testdata)\//;

/** Whether a runner would take a file for one of tests, by its path alone. */
export function isTestFile(path: string): boolean {
  return TEST_FILE.test(path) && !BESIDE_TESTS.test(path);
}

/**
 * Test files that reach the change: they import it, through however many others, or are named after it. All of them where
 * there are few, or where none is known to reach it.
 */
export async function selectTests(request: SelectionRequest): Promise<TestSelection> {
  const { changed, files, importersOf, maxTests = MAX_TESTS } = request;
  const tests = files.filter(isTestFile);
  const distances = importersOf === undefined ? new Map<string, number>() : await reach(changed, importersOf);
  const known = new Set(tests);
  const near = [...distances].filter(([path]) => known.has(path)).toSorted(byDistance);
  const mates = tests.filter((test) => changed.some((path) => isNamedAfter(test, path)));
  const chosen = [...new Set([...mates, ...near.map(([path]) => path)])];
  const reaches = chosen.length > 0 ? 'yes' : importersOf === undefined ? 'unknown' : 'no';
  if (tests.length <= FEW_TESTS)
    return { tests: [], how: `All tests: ${tests.length} ${tests.length === 1 ? 'file' : 'files'}.`, reaches };
  if (chosen.length === 0) return { tests: [], how: 'All tests: none is known to reach the change.', reaches };
  const kept = chosen.slice(0, maxTests);
  const cut = kept.length < chosen.length ? ` The nearest ${kept.length} of ${chosen.length}.` : '';
  const ways = `${near.length} import the change, ${mates.length} are named after it.`;
  return { tests: kept, how: `${kept.length} of ${tests.length} test files: ${ways}${cut}`, reaches };
}

function byDistance(
  [path, distance]: readonly [string, number],
  [other, otherDistance]: readonly [string, number],
): number {
  return distance - otherDistance || (path < other ? -1 : 1);
}

/** Breadth first: how many imports lie between a test and the change. */
async function reach(
  changed: readonly string[],
  importersOf: (path: string) => Promise<readonly string[]>,
): Promise<ReadonlyMap<string, number>> {
  const distances = new Map<string, number>();
  const seen = new Set(changed);
  let level: readonly string[] = changed;
  for (let distance = 0; level.length > 0 && seen.size <= MAX_VISITED; distance += 1) {
    const next = new Set<string>();
    for (const path of level) {
      if (isTestFile(path)) distances.set(path, distance);
      for (const importer of await importersOf(path)) if (!seen.has(importer)) next.add(importer);
    }
    for (const path of next) seen.add(path);
    level = [...next];
  }
  return distances;
}

/** `src/a/foo.ts` and `foo.test.ts`, wherever the latter lies; of `index.ts` only in or beside its folder. */
function isNamedAfter(test: string, path: string): boolean {
  const stem = (name: string): string =>
    posix
      .basename(name)
      .replace(/\.[cm]?[jt]sx?$/, '')
      .replace(/[._-](?:tests?|spec|e2e|cy)$/, '');
  if (test === path) return true;
  if (stem(test) !== stem(path)) return false;
  return stem(path) !== 'index' || posix.dirname(test).startsWith(posix.dirname(path));
}
