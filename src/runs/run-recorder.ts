import { messageOf } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { Run, RunEvent, RunProgress } from './run-schema.ts';
import type { NewRunEvent, RunEventStore } from './run-event-store.ts';
import type { RunAttempt, RunStore } from './run-store.ts';
import { storableText } from './stored-text.ts';
import { untilStored } from './until-stored.ts';
import type { Patience } from './until-stored.ts';

/** Twice a second is what a person can follow; each write is a row version that vacuum has to remove. */
const PROGRESS_INTERVAL_MS = 500;

/** Lines kept while the database is slow or away; beyond it the oldest are dropped, and that is said. */
const MAX_WAITING_EVENTS = 1_000;

const MAX_EVENT_CHARACTERS = 4_000;
const MAX_PROGRESS_CHARACTERS = 500;

export interface RecorderDeps {
  readonly store: RunStore;
  readonly events: RunEventStore;
  readonly log: Log;
  readonly onProgress: (run: Run) => void;
}

/**
 * Takes the progress and the log lines of one attempt at any pace and writes them at its own: one write at a time,
 * progress at most twice a second and always the last value, lines in batches and in order.
 */
export class RunRecorder {
  readonly #deps: RecorderDeps;
  readonly #attempt: RunAttempt;
  #progress: RunProgress | undefined;
  #nextProgressAtMs = 0;
  #nextWriteAtMs = 0;
  #events: NewRunEvent[] = [];
  #dropped = 0;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  #isClosed = false;

  constructor(deps: RecorderDeps, attempt: RunAttempt) {
    this.#deps = deps;
    this.#attempt = attempt;
  }

  progress(progress: RunProgress): void {
    if (this.#isClosed) return;
    const { done, total, unit, message } = progress;
    if (!isCount(done) || !isCount(total)) {
      this.#deps.log.warn({ ...this.#attempt, done, total }, 'progress that is no count was left out');
      return;
    }
    const texts = { unit: storableText(unit, 40), message: storableText(message, MAX_PROGRESS_CHARACTERS) };
    this.#progress = { done, total, ...texts };
    this.#schedule();
  }

  event(level: RunEvent['level'], message: string): void {
    if (this.#isClosed) return;
    this.#events.push({ at: new Date().toISOString(), level, message: storableText(message, MAX_EVENT_CHARACTERS) });
    if (this.#events.length > MAX_WAITING_EVENTS) {
      this.#events.shift();
      this.#dropped += 1;
    }
    this.#schedule();
  }

  /** Takes nothing more, and writes what waits. The outcome of the run does not depend on its success. */
  async close(patience: Patience): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#writing;
    try {
      await untilStored(() => this.#writeEvents(), patience);
      await untilStored(() => this.#writeProgress(), patience);
    } catch (error) {
      this.#deps.log.warn({ ...this.#attempt, err: error }, 'the last lines or progress of a run were lost');
    }
  }

  #schedule(): void {
    if (this.#isClosed || this.#writing !== undefined || this.#timer !== undefined) return;
    if (this.#events.length === 0 && this.#progress === undefined) return;
    const dueAtMs =
      this.#events.length > 0 ? this.#nextWriteAtMs : Math.max(this.#nextWriteAtMs, this.#nextProgressAtMs);
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        this.#writing = this.#write().finally(() => {
          this.#writing = undefined;
          this.#schedule();
        });
      },
      Math.max(0, dueAtMs - performance.now()),
    );
  }

  /** A write that fails here costs nothing: the values wait for the next one. */
  async #write(): Promise<void> {
    try {
      await this.#writeEvents();
      if (performance.now() >= this.#nextProgressAtMs) await this.#writeProgress();
    } catch (error) {
      this.#deps.log.warn({ ...this.#attempt, reason: messageOf(error) }, 'progress of a run could not be written');
      this.#nextWriteAtMs = performance.now() + PROGRESS_INTERVAL_MS;
    }
  }

  async #writeProgress(): Promise<void> {
    const progress = this.#progress;
    if (progress === undefined) return;
    this.#nextProgressAtMs = performance.now() + PROGRESS_INTERVAL_MS;
    const run = await this.#deps.store.saveProgress(this.#attempt, progress);
    if (this.#progress === progress) this.#progress = undefined;
    if (run !== undefined) this.#deps.onProgress(run);
  }

  async #writeEvents(): Promise<void> {
    const events = this.#events.slice();
    if (events.length === 0) return;
    const dropped = this.#dropped;
    const note = {
      at: new Date().toISOString(),
      level: 'warn',
      message: `${dropped} lines were dropped here`,
    } as const;
    await this.#deps.events.add(this.#attempt.runId, dropped === 0 ? events : [note, ...events]);
    const written = new Set(events);
    this.#events = this.#events.filter((event) => !written.has(event));
    this.#dropped -= dropped;
  }
}

function isCount(value: number): boolean {
  return Number.isFinite(value) && value >= 0;
}
