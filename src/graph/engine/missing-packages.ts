import { existsSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';

/** Collects the packages that a workspace imports and that are not installed anywhere above it. */
export class MissingPackages {
  readonly #root: string;
  readonly #names = new Set<string>();
  readonly #installed = new Set<string>();

  constructor(root: string) {
    this.#root = root;
  }

  /** A package whose folder is nowhere is not installed; one that is there just has no types. */
  note(specifier: string): void {
    const name = /^(?:@[\w.-]+\/)?[\w.-]+/.exec(specifier)?.[0];
    if (name === undefined || specifier.startsWith('.') || isBuiltin(specifier)) return;
    if (this.#names.has(name) || this.#installed.has(name)) return;
    const found = this.#isInstalled(name) ? this.#installed : this.#names;
    found.add(name);
  }

  list(): readonly string[] {
    return [...this.#names].toSorted();
  }

  #isInstalled(name: string): boolean {
    for (let folder = this.#root; ; folder = dirname(folder)) {
      if (existsSync(join(folder, 'node_modules', name))) return true;
      if (folder === dirname(folder)) return false;
    }
  }
}
