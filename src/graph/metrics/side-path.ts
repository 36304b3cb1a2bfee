import { isTestPath } from '../test-path.ts';

const SIDE =
  /\.(?:test-d|bench)\.[cm]?[jt]sx?$|(?:^|\/)(?:[\w-]*bench(?:mark)?s?_{0,2}|[\w-]*-tests?|_{0,2}fixtures?_{0,2}|examples?|samples?)\//;

/** Tests, tests of types, benches, fixtures and examples: code beside the program, alike on purpose. */
export function isSidePath(path: string): boolean {
  return isTestPath(path) || SIDE.test(path);
}
