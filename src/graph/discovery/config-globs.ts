import type { SourceListing } from './source-walk.ts';

/** The files that a tsconfig asks for, as absolute paths and patterns. */
export interface FileSpecs {
  readonly files: readonly string[];
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly allowJs: boolean;
}

/** What `*` at the start of a name never leads into. */
const NO_PACKAGES = '(?!(?:node_modules|bower_components|jspm_packages)(?:/|$))';
/** Any part of a name, but for the end of minified scripts. */
const STAR = '(?:[^./]|(?:\\.(?!min\\.js$))?)*';
/** Folders at any depth, but for hidden ones and packages. */
const DEEP = `(?:/${NO_PACKAGES}[^/.][^/]*)*?`;

/** Extensions of files of which only one counts when they have the same name, in the order of preference. */
const GROUPS = [
  ['.ts', '.tsx', '.d.ts', '.js', '.jsx'],
  ['.cts', '.d.cts', '.cjs'],
  ['.mts', '.d.mts', '.mjs'],
] as const;
const SCRIPT = /\.[cm]?jsx?$/;
const EXTENSION = /\.d\.[cm]?ts$|\.[cm]?[jt]sx?$/;

/**
 * What TypeScript selects by `files`, `include` and `exclude`, out of the listing: the same patterns, and the same choice
 * between files that differ in their extension alone.
 */
export function selectFiles(listing: SourceListing, specs: FileSpecs): string[] {
  const listed = new Set(specs.files);
  const chosen = new Set<string>();
  for (const file of matchingFiles(listing, specs)) {
    const others = othersOf(file);
    if (others.before.some((other) => listed.has(other) || chosen.has(other))) continue;
    for (const other of others.after) chosen.delete(other);
    if (!listed.has(file)) chosen.add(file);
  }
  return [...listed, ...chosen];
}

/** By the first pattern that they match. */
function matchingFiles(listing: SourceListing, { include, exclude, allowJs }: FileSpecs): string[] {
  if (include.length === 0) return [];
  const wanted = include.map((spec) => new RegExp(`^${includePattern(spec)}$`));
  const unwanted =
    exclude.length === 0 ? undefined : new RegExp(`^(?:${exclude.map(excludePattern).join('|')})(?:$|/)`);
  const found = include.map((): string[] => []);
  for (const folder of foldersUnder(include.map(baseOf), listing)) {
    for (const name of (listing.folders.get(folder)?.files ?? []).toSorted(byCode)) {
      const file = `${folder}/${name}`;
      if (!EXTENSION.test(name) || (SCRIPT.test(name) && !allowJs) || unwanted?.test(file) === true) continue;
      found[wanted.findIndex((pattern) => pattern.test(file))]?.push(file);
    }
  }
  return found.flat();
}

function* foldersUnder(bases: readonly string[], { folders }: SourceListing): Generator<string> {
  const pending = bases.filter((base) => !bases.some((other) => base.startsWith(`${other}/`)));
  const seen = new Set<string>();
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    if (seen.has(folder)) continue;
    seen.add(folder);
    yield folder;
    for (const name of folders.get(folder)?.directories ?? []) pending.push(`${folder}/${name}`);
  }
}

/** The folder that a pattern can't lead out of. */
function baseOf(spec: string): string {
  const wildcard = spec.search(/[*?]/);
  if (wildcard >= 0) return spec.slice(0, spec.lastIndexOf('/', wildcard));
  return isFolder(spec) ? spec : spec.slice(0, spec.lastIndexOf('/'));
}

/** A last name without a dot or a wildcard means all that is under it. */
function isFolder(spec: string): boolean {
  return !/[.*?]/.test(spec.slice(spec.lastIndexOf('/') + 1));
}

function namesOf(spec: string): string[] {
  const names = spec.split('/').slice(1);
  return isFolder(spec) ? [...names, '**', '*'] : names;
}

function includePattern(spec: string): string {
  return namesOf(spec)
    .map((name) => (name === '**' ? DEEP : `/${includedName(name)}`))
    .join('');
}

function includedName(name: string): string {
  if (!/[*?]/.test(name)) return escaped(name);
  const first = name.startsWith('*') ? `(?:[^./]${STAR})?` : name.startsWith('?') ? '[^./]' : '';
  const rest = first === '' ? name : name.slice(1);
  return `${NO_PACKAGES}${first}${withWildcards(rest, STAR)}`;
}

function excludePattern(spec: string): string {
  return namesOf(spec)
    .map((name) => (name === '**' ? '(?:/.+?)?' : `/${withWildcards(name, '[^/]*')}`))
    .join('');
}

function withWildcards(name: string, star: string): string {
  return escaped(name).replaceAll('\\*', star).replaceAll('\\?', '[^/]');
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}

/** Files of the same name: those that it gives way to, and those that give way to it. */
function othersOf(file: string): { readonly before: readonly string[]; readonly after: readonly string[] } {
  const extension = EXTENSION.exec(file)?.[0] ?? '';
  const stem = file.slice(0, file.length - extension.length);
  const group: readonly string[] = GROUPS.find((each) => each.some((one) => one === extension)) ?? [];
  const at = group.indexOf(extension);
  // TypeScript takes `.d.mts` and `.d.cts` for their last part here, and lets scripts stand beside their declarations.
  const isScript = SCRIPT.test(extension);
  const before = /^\.d\.[cm]ts$/.test(extension) ? [] : group.slice(0, at);
  return {
    before: before.filter((other) => !(isScript && other === '.d.ts')).map((other) => stem + other),
    after: group.slice(at + 1).map((other) => stem + other),
  };
}

function byCode(one: string, two: string): number {
  return one < two ? -1 : 1;
}
