import type { ModuleLookup } from './module-lookup.ts';
import type { SourceEntry, SourceFiles } from './source-files.ts';

/** What `declare module '…'` adds to. */
interface Augmented {
  readonly files: ReadonlySet<number>;
  /** Whether it may be other files, too. */
  readonly isUnsure: boolean;
}

/**
 * Files of the workspace that relative specifiers lead to, where that can be said without the compiler and a file alone
 * declares what it exports.
 */
export class PlainModules {
  readonly #files: SourceFiles;
  readonly #lookup: () => ModuleLookup;
  readonly #augments = new Map<number, readonly string[]>();
  #augmented: Augmented | undefined;

  constructor(files: SourceFiles, lookup: () => ModuleLookup) {
    this.#files = files;
    this.#lookup = lookup;
  }

  /** Modules that a file adds declarations to, in place of those that it had. */
  setAugments(file: number, specifiers: readonly string[]): void {
    if (specifiers.length === 0 && !this.#augments.has(file)) return;
    this.#augments.set(file, specifiers);
    this.#augmented = undefined;
  }

  /** Files have come or gone: specifiers may lead elsewhere. */
  forget(): void {
    this.#augmented = undefined;
  }

  /** Number of the file; undefined where the compiler has to be asked. */
  fileOf(specifier: string, entry: SourceEntry): number | undefined {
    const { files, isUnsure } = this.#allAugmented();
    const file = isUnsure ? undefined : this.#firstFile(specifier, entry);
    return file === undefined || files.has(file) ? undefined : file;
  }

  #firstFile(specifier: string, entry: SourceEntry): number | undefined {
    const path = this.#lookup().first(specifier, entry);
    return path === undefined || this.#files.isHidden(path) ? undefined : this.#files.find(path);
  }

  #allAugmented(): Augmented {
    if (this.#augmented !== undefined) return this.#augmented;
    const files = new Set<number>();
    let isUnsure = false;
    for (const [index, specifiers] of this.#augments) {
      for (const specifier of specifiers) {
        const entry = this.#files.at(index);
        const file = this.#firstFile(specifier, entry);
        if (file !== undefined) files.add(file);
        else if (specifier.startsWith('.') || !this.#lookup().isOutside(specifier, entry)) isUnsure = true;
      }
    }
    this.#augmented = { files, isUnsure };
    return this.#augmented;
  }
}
