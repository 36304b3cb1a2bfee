import { readdirSync } from 'node:fs';
import { readManifest } from '../discovery/package-map.ts';
import type { ProjectModel } from '../type-source.ts';

/** What one folder has that bare names could mean. */
interface FolderNames {
  /** Entries of its `node_modules`. */
  readonly installed: readonly string[];
  readonly types: readonly string[];
  /** The package that it is. */
  readonly own: string | undefined;
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
    if (patternsOf(compilerOptions['paths']).some((pattern) => covers(pattern, specifier))) return true;
    const name = /^(?:@[^/]*\/)?[^/]*/.exec(specifier)?.[0] ?? specifier;
    const [top = name] = name.split('/');
    const typed = name.replace(/^@/, '').replace('/', '__');
    for (
      let cut = absolutePath.lastIndexOf('/');
      cut >= 0;
      cut = cut === 0 ? -1 : absolutePath.lastIndexOf('/', cut - 1)
    ) {
      const { installed, types, own } = this.#namesIn(absolutePath.slice(0, cut));
      if (own === name || [...namedLike(installed, top), ...namedLike(types, typed)].length > 0) return true;
    }
    return false;
  }

  #namesIn(folder: string): FolderNames {
    const known = this.#folders.get(folder);
    if (known !== undefined) return known;
    const installed = entriesOf(`${folder}/node_modules`);
    const types = installed.includes('@types') ? entriesOf(`${folder}/node_modules/@types`) : [];
    const names = { installed, types, own: readManifest(`${folder}/package.json`)?.name };
    this.#folders.set(folder, names);
    return names;
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
