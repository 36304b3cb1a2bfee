import type { Stats } from 'node:fs';
import { isDeciding } from '../discovery/deciding-files.ts';
import { isIgnored, readIgnoreFile, readIgnoreFilesAround } from '../discovery/ignore-rules.ts';
import type { IgnoreFile } from '../discovery/ignore-rules.ts';
import { canEnter, SOURCE_EXTENSIONS } from '../discovery/source-walk.ts';

/** Tells what of a workspace is watched: what an index of it would read, by the same rules. */
export class WatchFilter {
  readonly #root: string;
  readonly #around: readonly IgnoreFile[] | undefined;
  /** Of each folder, those above it included. */
  readonly #rules = new Map<string, readonly IgnoreFile[]>();
  readonly #ignored = new Map<string, boolean>();

  constructor(root: string) {
    this.#root = root;
    this.#around = readIgnoreFilesAround(root);
  }

  /** Paths are absolute. Without `stats` it is not known yet what lies there. */
  isIgnored(path: string, stats: Stats | undefined): boolean {
    const plain = path.replaceAll('\\', '/');
    if (plain === this.#root || !plain.startsWith(`${this.#root}/`)) return false;
    if (stats === undefined) return this.#isFolderIgnored(folderOf(plain));
    if (stats.isDirectory()) return this.#isFolderIgnored(plain);
    return this.#isFolderIgnored(folderOf(plain)) || !isWatchedName(nameOf(plain)) || this.#isRuledOut(plain, false);
  }

  /** Ignore files may be others now. */
  forget(): void {
    this.#rules.clear();
    this.#ignored.clear();
  }

  #isFolderIgnored(folder: string): boolean {
    if (folder.length <= this.#root.length) return false;
    const known = this.#ignored.get(folder);
    if (known !== undefined) return known;
    const isOut =
      this.#isFolderIgnored(folderOf(folder)) ||
      !canEnter(nameOf(folder), this.#around === undefined) ||
      this.#isRuledOut(folder, true);
    this.#ignored.set(folder, isOut);
    return isOut;
  }

  #isRuledOut(path: string, isFolder: boolean): boolean {
    return isIgnored(this.#rulesOf(folderOf(path)), path, isFolder);
  }

  #rulesOf(folder: string): readonly IgnoreFile[] {
    const known = this.#rules.get(folder);
    if (known !== undefined) return known;
    const above = folder.length <= this.#root.length ? (this.#around ?? []) : this.#rulesOf(folderOf(folder));
    const rules = [...above, ...readIgnoreFile(folder)];
    this.#rules.set(folder, rules);
    return rules;
  }
}

function isWatchedName(name: string): boolean {
  return isDeciding(name) || isSourceName(name);
}

export function isSourceName(name: string): boolean {
  return SOURCE_EXTENSIONS.some((extension) => name.endsWith(extension));
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
