/** Names that something in the workspace bears: any other name can't point into it. */
export class BornNames {
  readonly #counts = new Map<string, number>([['default', 1]]);
  readonly #byFile: (readonly string[])[] = [];

  has(name: string): boolean {
    return this.#counts.has(name);
  }

  /** Names of one file, in place of those that it had. */
  set(file: number, names: readonly string[]): void {
    const own = [...new Set(names)];
    for (const name of own) this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    for (const name of this.#byFile[file] ?? []) {
      const left = (this.#counts.get(name) ?? 0) - 1;
      if (left > 0) this.#counts.set(name, left);
      else this.#counts.delete(name);
    }
    this.#byFile[file] = own;
  }
}
