import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import { z } from 'zod';

const names = z.record(z.string(), z.string()).catch({});
const manifestSchema = z.looseObject({
  name: z.string().optional().catch(undefined),
  dependencies: names,
  devDependencies: names,
  peerDependencies: names,
  optionalDependencies: names,
  scripts: names,
});

/** Fields by which a package offers files, or runs them. */
const OFFERING = [
  'main',
  'module',
  'browser',
  'types',
  'typings',
  'bin',
  'exports',
  'imports',
  'svelte',
  'source',
] as const;
const MANIFEST = /(?:^|\/)(?:package|deno|jsr)\.jsonc?$/;
/** Tools find these by their names or places. */
const BY_NAME =
  /(?:^|\/)\.|\.(?:config|conf|setup|workspace|preset|stories|test|spec|e2e|cy|bench)\.[cm]?[jt]sx?$|(?:^|\/)(?:__tests__|__mocks__|tests?|spec|e2e|fixtures?|examples?|pages|app|routes|api|functions|migrations)\/|(?:^|\/)(?:middleware|instrumentation|proxy|gulpfile|Gruntfile)\.[jt]s$|\.d\.[cm]?ts$/;

/** Of a package of the workspace, or a folder. */
const LOCAL_VERSION = /^(?:workspace|file|link|portal):/;

interface Manifest extends z.output<typeof manifestSchema> {
  readonly folder: string;
  readonly offered: readonly string[];
}

/** What the manifests of a place say about its files. */
export class PackageFacts {
  readonly #manifests: readonly Manifest[];
  /** Names of packages that are installed from outside. */
  readonly #external: ReadonlySet<string>;

  constructor(texts: ReadonlyMap<string, string>) {
    this.#manifests = [...texts].flatMap(([path, text]) => (MANIFEST.test(path) ? manifestOf(path, text) : []));
    const own = new Set(this.#manifests.map(({ name }) => name));
    const declared = this.#manifests.flatMap((manifest) => Object.entries(dependenciesOf(manifest)));
    this.#external = new Set(
      declared.flatMap(([name, version]) => (own.has(name) || LOCAL_VERSION.test(version) ? [] : [name])),
    );
  }

  /** False when no manifest says what it offers: then anything exported may be wanted outside. */
  get saysWhatItOffers(): boolean {
    return this.#manifests.some(({ offered }) => offered.length > 0);
  }

  /**
   * In words why a file could be wanted by what is no code of the place; undefined when nothing speaks for that. Compared
   * are names without folders and endings, since what a package offers is mostly built from its sources.
   */
  whyOffered(path: string): string | undefined {
    if (BY_NAME.test(path)) return 'tools find it by its name or place';
    const name = bareName(path);
    for (const { folder, offered, scripts } of this.#manifests) {
      const within = folder === '' || path.startsWith(`${folder}/`);
      if (!within) continue;
      const rest = folder === '' ? path : path.slice(folder.length + 1);
      if (/^(?:src\/|lib\/)?index\.\w+$/.test(rest)) return 'it is the index of a package';
      const match = offered.find((one) => one.includes('*') || bareName(one) === name);
      if (match !== undefined) return `package.json offers ${match}`;
      if (Object.values(scripts).some((script) => hasWord(script, name))) return 'a script names it';
    }
    return undefined;
  }

  /** Whether a bare name leads out of the place: to Node, or to a package that is installed. */
  isExternal(specifier: string): boolean {
    if (isBuiltin(specifier)) return true;
    const name = specifier
      .split('/')
      .slice(0, specifier.startsWith('@') ? 2 : 1)
      .join('/');
    return this.#external.has(name);
  }
}

function dependenciesOf(manifest: Manifest): Readonly<Record<string, string>> {
  const { dependencies, devDependencies, peerDependencies, optionalDependencies } = manifest;
  return { ...peerDependencies, ...optionalDependencies, ...devDependencies, ...dependencies };
}

function manifestOf(path: string, text: string): Manifest[] {
  try {
    const manifest = manifestSchema.parse(JSON.parse(text));
    const folder = posix.dirname(path);
    const offered = OFFERING.flatMap((field) => stringsIn(manifest[field]));
    return [{ ...manifest, folder: folder === '.' ? '' : folder, offered }];
  } catch {
    return [];
  }
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(stringsIn);
}

function bareName(path: string): string {
  return posix.basename(path).replace(/(?:\.d)?\.[^.]+$/, '');
}

/** Whether a text has it between characters that are not of names. */
export function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    if (!isNameCharacter(text[at - 1]) && !isNameCharacter(text[at + word.length])) return true;
  }
  return false;
}

function isNameCharacter(character: string | undefined): boolean {
  return character !== undefined && /[\w$]/.test(character);
}
