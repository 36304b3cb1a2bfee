import { relative, sep } from 'node:path';
import { declaredNames } from './declared-names.ts';

export type AskPriorTexts = (path: string) => Promise<readonly string[]>;

/** More versions say more of other changes than of this one. */
const MAX_VERSIONS = 3;

/** Earlier texts of files, asked for once a target. Paths are absolute. */
export class PriorTexts {
  readonly #root: string;
  readonly #ask: AskPriorTexts | undefined;
  readonly #known = new Map<string, readonly string[]>();

  constructor(root: string, ask: AskPriorTexts | undefined) {
    this.#root = root;
    this.#ask = ask;
  }

  /** Newest first, with the present one if it was committed; empty without a history. */
  async all(path: string): Promise<readonly string[]> {
    const known = this.#known.get(path);
    if (known !== undefined || this.#ask === undefined) return known ?? [];
    const texts = await this.#ask(relative(this.#root, path).split(sep).join('/'));
    this.#known.set(path, texts);
    return texts;
  }

  /** Those that are not as the text is now, newest first. */
  async former(path: string, now: string): Promise<readonly string[]> {
    const texts = await this.all(path);
    return [...new Set(texts)].filter((text) => text !== now).slice(0, MAX_VERSIONS);
  }

  /** Whether an earlier version of one of the files declares the name. */
  async wasDeclared(name: string, files: ReadonlyMap<string, string>): Promise<boolean> {
    return this.#some(name, files, (before) => before > 0);
  }

  /** Whether an earlier version of one of the files declares the name more often than it does now. */
  async wasDropped(name: string, files: ReadonlyMap<string, string>): Promise<boolean> {
    return this.#some(name, files, (before, now) => before > now);
  }

  async #some(
    name: string,
    files: ReadonlyMap<string, string>,
    isFound: (before: number, now: number) => boolean,
  ): Promise<boolean> {
    const countIn = (path: string, text: string): number =>
      text.includes(name) ? (declaredNames(path, text).get(name) ?? 0) : 0;
    for (const [path, now] of files) {
      const former = await this.former(path, now);
      if (former.some((text) => isFound(countIn(path, text), countIn(path, now)))) return true;
    }
    return false;
  }
}
