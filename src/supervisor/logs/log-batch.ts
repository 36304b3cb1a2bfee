import { setTimeout as delay } from 'node:timers/promises';
import type { NewLogLine } from '../supervisor-store.ts';

/** Rows that a statement inserts, and lines after which it need not wait for its time. */
const BATCH_LINES = 100;
/** Memory for a database that is away; beyond it the oldest lines go. */
const MAX_QUEUED_LINES = 2_000;
const FLUSH_PERIOD_MS = 5_000;

/** Lines on their way to the database, in batches. When it can't be written they wait, and nothing else does. */
export class LogBatch {
  readonly #insert: (lines: readonly NewLogLine[]) => Promise<void>;
  readonly #dropped = new Map<string, number>();
  #queue: NewLogLine[] = [];
  #timer: NodeJS.Timeout | undefined;
  #flushing: Promise<void> | undefined;

  constructor(insert: (lines: readonly NewLogLine[]) => Promise<void>) {
    this.#insert = insert;
  }

  start(): void {
    this.#timer ??= setInterval(() => void this.flush(), FLUSH_PERIOD_MS).unref();
  }

  /** Writes what can be written within the time, and ends. */
  async stop(patienceMs: number): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    const enough = new AbortController();
    await Promise.race([this.flush(), delay(patienceMs, undefined, { signal: enough.signal }).catch(() => {})]);
    enough.abort();
  }

  add(line: NewLogLine): void {
    this.#queue.push(line);
    if (this.#queue.length > MAX_QUEUED_LINES) {
      const oldest = this.#queue.shift();
      if (oldest !== undefined) this.#dropped.set(oldest.name, this.droppedOf(oldest.name) + 1);
    }
    // At the hundredth line, not at each one after it: a database that is away is asked once in a while.
    if (this.#queue.length === BATCH_LINES && this.#timer !== undefined) void this.flush();
  }

  droppedOf(name: string): number {
    return this.#dropped.get(name) ?? 0;
  }

  /** Never rejects; what could not be stored is tried again with the next one. */
  flush(): Promise<void> {
    this.#flushing ??= this.#write().finally(() => {
      this.#flushing = undefined;
    });
    return this.#flushing;
  }

  async #write(): Promise<void> {
    while (this.#queue.length > 0) {
      const batch = this.#queue.slice(0, BATCH_LINES);
      try {
        await this.#insert(batch);
      } catch {
        return;
      }
      // Some of them may have been dropped meanwhile.
      const stored = new Set(batch);
      this.#queue = this.#queue.filter((line) => !stored.has(line));
    }
  }
}
