import { setImmediate as nextTurn } from 'node:timers/promises';
import { linksIn } from './import-links.ts';
import type { ModuleLink } from './import-links.ts';

/** Parsing holds up all else that the process does: after so long others have their turn. */
const SLICE_MS = 20;
const MAX_FILES = 20_000;

/** What files link to, by their texts: from one finding to the next hardly any changes. */
export class LinkMemory {
  readonly #byPath = new Map<string, { readonly text: string; readonly links: readonly ModuleLink[] }>();
  #begun = 0;

  async linksOf(path: string, text: string): Promise<readonly ModuleLink[]> {
    const known = this.#byPath.get(path);
    if (known?.text === text) return known.links;
    if (performance.now() - this.#begun > SLICE_MS) {
      await nextTurn();
      this.#begun = performance.now();
    }
    const links = linksIn(path, text);
    if (this.#byPath.size >= MAX_FILES) this.#byPath.clear();
    this.#byPath.set(path, { text, links });
    return links;
  }

  clear(): void {
    this.#byPath.clear();
  }
}
