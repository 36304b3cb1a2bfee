const TEST_FILE = /(?:^|\/)(?:__tests__|tests?|spec|e2e)\/|\.(?:test|spec|e2e|cy)\.[cm]?[jt]sx?$/;

/** Stands apart from the engine, so that whoever asks does not load a compiler. */
export function isTestPath(path: string): boolean {
  return TEST_FILE.test(path);
}
