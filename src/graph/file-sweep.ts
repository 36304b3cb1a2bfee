import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { GraphFile } from './graph-schema.ts';

/** An agent asks in bursts; a sweep of 7,000 files takes about a tenth of a second. */
const SWEEP_INTERVAL_MS = 5_000;
/** More than the thread pool of Node runs at once gains nothing. */
const SWEEP_CONCURRENCY = 16;
/** File systems differ in how finely they keep times. */
const TIME_TOLERANCE_MS = 1;

/** Counts the files of one generation that were changed or deleted since, by size and time. New files don't count. */
export class FileSweep {
  readonly #root: string;
  readonly #files: readonly GraphFile[];
  readonly #now: () => number;
  #latest: Promise<number> | undefined;
  #startedAt = 0;

  constructor(root: string, files: readonly GraphFile[], now: () => number) {
    this.#root = root;
    this.#files = files.filter((file) => file.state !== 'skipped');
    this.#now = now;
  }

  /** As of the last few seconds; concurrent callers share one sweep. */
  countChanged(): Promise<number> {
    if (this.#latest === undefined || this.#now() - this.#startedAt >= SWEEP_INTERVAL_MS) {
      this.#startedAt = this.#now();
      this.#latest = this.#sweep();
    }
    return this.#latest;
  }

  async #sweep(): Promise<number> {
    let next = 0;
    let changed = 0;
    const walk = async (): Promise<void> => {
      for (let file = this.#files[next++]; file !== undefined; file = this.#files[next++]) {
        if (await isChanged(this.#root, file)) changed += 1;
      }
    };
    await Promise.all(Array.from({ length: SWEEP_CONCURRENCY }, walk));
    return changed;
  }
}

async function isChanged(root: string, file: GraphFile): Promise<boolean> {
  try {
    const { size, mtimeMs } = await stat(join(root, file.path));
    return size !== file.bytes || Math.abs(mtimeMs - file.modifiedMs) > TIME_TOLERANCE_MS;
  } catch {
    // Gone, or no longer readable: either way not what was indexed.
    return true;
  }
}
