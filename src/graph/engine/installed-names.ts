import { existsSync, readdirSync } from 'node:fs';
import { readManifest } from '../discovery/package-map.ts';
import type { ProjectModel } from '../type-source.ts';

/** What one folder has that bare names could mean. */
interface FolderNames {
  /** Entries of its `node_modules`. */
  readonly installed: readonly string[];
  readonly types: readonly string[];
  /** The package that it is. */
  readonly own: string | undefined;
  /** Whether its scripts are CommonJS modules; undefined where it says nothing. */
  readonly isCommonJs: boolean | undefined;
}

/**
 * Says of names of modules that they can't be found: nothing of that name is installed around the file. A repository that
 * was never installed has hundreds of them, and the rules of TypeScript take a third of a second to load.
 */
export class InstalledNames {
  readonly #folders = new Map<string, FolderNames>();

  /** Whether the specifier in a file is worth a search by all the rules. */
  mayLead(specifier: string, absolutePath: string, { compilerOptions }: ProjectModel): boolean {
    if (/^[./#\\]/.test(specifier) || compilerOptions['typeRoots'] !== undefined) return true;
    if (isMapped(specifier, compilerOptions)) return true;
    const name = packageOf(specifier);
    const [top = name] = name.split('/');
    const typed = name.replace(/^@/, '').replace('/', '__');
    for (const folder of foldersAbove(absolutePath)) {
      const { installed, types, own } = this.#namesIn(folder);
      if (own === name || [...namedLike(installed, top), ...namedLike(types, typed)].length > 0) return true;
    }
    return false;
  }

  /** The nearest folder around a file in which the package of a specifier is installed. */
  folderOf(specifier: string, absolutePath: string): string | undefined {
    if (/^[./#\\]/.test(specifier)) return undefined;
    const name = packageOf(specifier);
    const [top = name] = name.split('/');
    for (const folder of foldersAbove(absolutePath)) {
      const place = `${folder}/node_modules/${name}`;
      if (this.#namesIn(folder).installed.includes(top) && existsSync(place)) return place;
    }
    return undefined;
  }

  /** Whether Node takes a file for a CommonJS module, by its extension or else by the nearest package. */
  isCommonJs(absolutePath: string): boolean {
    if (/\.[cm][jt]s$/.test(absolutePath)) return /\.c[jt]s$/.test(absolutePath);
    for (const folder of foldersAbove(absolutePath)) {
      const { isCommonJs } = this.#namesIn(folder);
      if (isCommonJs !== undefined) return isCommonJs;
    }
    return true;
  }

  #namesIn(folder: string): FolderNames {
    const known = this.#folders.get(folder);
    if (known !== undefined) return known;
    const installed = entriesOf(`${folder}/node_modules`);
    const types = installed.includes('@types') ? entriesOf(`${folder}/node_modules/@types`) : [];
    const path = `${folder}/package.json`;
    const manifest = readManifest(path);
    // Of one that can't be read, nobody knows.
    const isCommonJs = manifest === undefined ? (existsSync(path) ? false : undefined) : manifest.type !== 'module';
    const names = { installed, types, own: manifest?.name, isCommonJs };
    this.#folders.set(folder, names);
    return names;
  }
}

/** Whether the `paths` of a project say where a name leads. */
export function isMapped(specifier: string, { paths }: ProjectModel['compilerOptions']): boolean {
  return patternsOf(paths).some((pattern) => covers(pattern, specifier));
}

function packageOf(specifier: string): string {
  return /^(?:@[^/]*\/)?[^/]*/.exec(specifier)?.[0] ?? specifier;
}

/** From the nearest to the root, which is the empty text. */
function* foldersAbove(path: string): Generator<string> {
  for (let cut = path.lastIndexOf('/'); cut >= 0; cut = cut === 0 ? -1 : path.lastIndexOf('/', cut - 1)) {
    yield path.slice(0, cut);
  }
}

/** A folder, or a file whatever its extension. */
function namedLike(entries: readonly string[], name: string): readonly string[] {
  return entries.filter((entry) => entry === name || entry.startsWith(`${name}.`));
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function patternsOf(paths: unknown): readonly string[] {
  return typeof paths === 'object' && paths !== null ? Object.keys(paths) : [];
}

function covers(pattern: string, name: string): boolean {
  const [before = '', after] = pattern.split('*');
  return after === undefined ? name === pattern : name.startsWith(before) && name.endsWith(after);
}
