/** Characters of a script that belongs to no project, such as a bundle: a larger one is not worth the parsing. */
const MAX_FOREIGN_SCRIPT = 500_000;

/** A script that no project owns and that is too large to be worth the parsing: it is taken for empty. */
export function isForeignBundle(
  path: string,
  owned: Pick<ReadonlySet<string>, 'has'>,
  sizeOf: (path: string) => number,
): boolean {
  return /\.[cm]?jsx?$/.test(path) && !owned.has(path) && sizeOf(path) > MAX_FOREIGN_SCRIPT;
}
