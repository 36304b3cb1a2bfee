import { absolutePath, readPlainOptions } from './plain-options.ts';
import { installedBase } from './installed-base.ts';
import { isObject, parseLooseObject } from './loose-json.ts';
import { selectFiles } from './config-globs.ts';
import { readConfigText } from './config-host.ts';
import type { SourceListing } from './source-walk.ts';
import type { SpelledOptions } from './spelled-options.ts';

/** What a tsconfig says, together with what it extends. */
export interface ReadConfig {
  readonly options: SpelledOptions;
  /** Absolute paths. */
  readonly files: readonly string[];
  /** Absolute paths. */
  readonly references: readonly string[];
}

/** Without what it extends; patterns are absolute. */
interface OwnConfig extends Specs {
  readonly options: Partial<SpelledOptions>;
  readonly references: readonly string[];
  /** Absolute paths of what it extends. */
  readonly bases: readonly string[];
}

interface Specs {
  readonly files?: readonly string[] | undefined;
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
}

type Inherited = Omit<OwnConfig, 'bases' | 'references'>;

/** More is a circle. */
const MAX_EXTENDED = 16;
/** Of a `jsconfig.json`, on which TypeScript puts these. */
const SCRIPT_OPTIONS: Partial<SpelledOptions> = { allowJs: true };
const KEYS: ReadonlySet<string> = new Set([
  '$schema',
  'compileOnSave',
  'compilerOptions',
  'display',
  'docs',
  'exclude',
  'extends',
  'files',
  'include',
  'references',
  'ts-node',
]);

/**
 * A tsconfig in which all is as the manual has it, read without a compiler: starting one to read a few lines of JSON takes
 * longer. Undefined for any other, and where anything is wrong: TypeScript knows what, and says it.
 */
export function readPlainConfig(path: string, text: string, listing: SourceListing): ReadConfig | undefined {
  const own = readOwn(path, text);
  const whole = own === undefined ? undefined : withBases(own, listing, 0);
  if (own === undefined || whole === undefined) return undefined;
  const { allowJs, checkJs, outDir, declarationDir } = whole.options;
  const exclude = whole.exclude ?? [outDir, declarationDir].filter((output) => output !== undefined);
  const isAll = whole.files === undefined && whole.include === undefined;
  const include = isAll ? [`${folderOf(path)}/**/*`] : (whole.include ?? []);
  const specs = { files: whole.files ?? [], include, exclude, allowJs: allowJs ?? checkJs ?? false };
  const options = { ...whole.options, kept: whole.options.kept ?? {} };
  return { options, files: selectFiles(listing, specs), references: own.references };
}

/** What a configuration says itself wins over what it extends, and the last that it extends over those before. */
function withBases(own: OwnConfig, listing: SourceListing, depth: number): Inherited | undefined {
  if (depth > MAX_EXTENDED) return undefined;
  let whole: Inherited = { options: {} };
  for (const path of own.bases) {
    const text = readConfigText(listing.root, path);
    const base = text === undefined ? undefined : readOwn(path, text);
    const inherited = base === undefined ? undefined : withBases(base, listing, depth + 1);
    if (inherited === undefined) return undefined;
    whole = overlaid(whole, inherited);
  }
  return overlaid(whole, own);
}

function overlaid(below: Inherited, above: Inherited): Inherited {
  return {
    options: { ...below.options, ...above.options, kept: { ...below.options.kept, ...above.options.kept } },
    files: above.files ?? below.files,
    include: above.include ?? below.include,
    exclude: above.exclude ?? below.exclude,
  };
}

function readOwn(path: string, text: string): OwnConfig | undefined {
  // Stands for the folder of whatever extends it.
  if (text.includes('${configDir}')) return undefined;
  const json = parseLooseObject(text);
  if (json === undefined || !Object.keys(json).every((key) => KEYS.has(key))) return undefined;
  const folder = folderOf(path);
  const given = json['compilerOptions'] ?? {};
  const options = isObject(given) ? readPlainOptions(given, folder) : undefined;
  const bases = basesOf(json['extends'], folder);
  const specs = specsOf(json, folder);
  const references = referencesOf(json['references'], folder);
  if (options === undefined || bases === undefined || specs === undefined || references === undefined) return undefined;
  const isForScripts = path.endsWith('/jsconfig.json');
  return { ...specs, options: isForScripts ? { ...SCRIPT_OPTIONS, ...options } : options, bases, references };
}

function basesOf(given: unknown = [], folder: string): string[] | undefined {
  const names: unknown = typeof given === 'string' ? [given] : given;
  if (!isTexts(names)) return undefined;
  const paths = names.map((name) => {
    if (!/^\.\.?\//.test(name)) return installedBase(name, folder);
    return absolutePath(folder, name.endsWith('.json') ? name : `${name}.json`);
  });
  return isTexts(paths) ? [...paths] : undefined;
}

function referencesOf(given: unknown = [], folder: string): string[] | undefined {
  if (!Array.isArray(given)) return undefined;
  const paths: unknown = given.map((each: unknown) => (isObject(each) ? each['path'] : undefined));
  if (!isTexts(paths)) return undefined;
  return paths
    .map((path) => absolutePath(folder, path))
    .map((path) => (path.endsWith('.json') ? path : `${path}/tsconfig.json`));
}

function specsOf(json: Readonly<Record<string, unknown>>, folder: string): Specs | undefined {
  const { files, include, exclude } = json;
  const lists = [files ?? [], include ?? [], exclude ?? []];
  if (!lists.every((list) => isTexts(list) && list.every(isPlainSpec))) return undefined;
  if (!isPlainInclude(include ?? [])) return undefined;
  const absolute = (list: unknown): string[] | undefined =>
    isTexts(list) ? list.map((spec) => absolutePath(folder, spec)) : undefined;
  return { files: absolute(files), include: absolute(include), exclude: absolute(exclude) };
}

/** Relative, and no way up behind a wildcard. */
function isPlainSpec(spec: string): boolean {
  return !spec.startsWith('/') && !/\*\*.*\.\.(?:\/|$)/.test(spec) && !spec.includes('\\');
}

/** `**` at the end is refused, and JSON is selected by rules of its own. */
function isPlainInclude(list: unknown): boolean {
  return isTexts(list) && !list.some((spec) => /(?:^|\/)\*\*\/?$|\.json$/.test(spec));
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string' && item !== '');
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}
