import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../core/errors.ts';
import type { EventSource } from '../core/events.ts';
import type { Log } from '../core/log.ts';
import type { RunServiceEvents } from './run-events.ts';
import type { NewOfRun, RunTailStore } from './run-tail-store.ts';
import type { Run, RunEvent } from './run-schema.ts';

/** Something new of a run, and whose run it is. */
export type RunTailItem =
  | { readonly what: 'changed'; readonly run: Run; readonly owner: string }
  | { readonly what: 'line'; readonly line: RunEvent; readonly owner: string }
  /** Changes of runs may be missing; lines are not. */
  | { readonly what: 'missed' };

export interface RunTailDeps {
  readonly store: RunTailStore;
  readonly events: EventSource<RunServiceEvents>;
  readonly log: Log;
}

/** Changes of so short a time are looked up together. */
const GATHER_MS = 50;
const RETRY_MS = 1_000;
const MAX_LINES = 500;
const MAX_RUNS_AT_ONCE = 500;
/**
 * A number is given to a line before it is committed, so a line may show after a later one of the same run: so many numbers
 * are looked through again.
 */
const LOOK_BACK = 100;
/** Where runs are read on. Those that nothing was heard of for the longest time are forgotten. */
const MAX_PLACES = 10_000;
/** Kept while the database is away; beyond it the oldest are given up. */
const MAX_WAITING = 10_000;

interface Place {
  last: number;
  /** Numbers of the look-back that were told already. */
  readonly told: Set<number>;
}

/** Reads what the changes of runs only hint at: new log lines, and whose runs they are. Nothing is read while nobody follows. */
export class RunTail {
  readonly #deps: RunTailDeps;
  readonly #listeners = new Set<(news: RunTailItem) => void>();
  readonly #places = new Map<string, Place>();
  #floor = 0;
  #touched = new Set<string>();
  #changed: Run[] = [];
  #isReading = false;
  #stops: readonly (() => void)[] = [];

  constructor(deps: RunTailDeps) {
    this.#deps = deps;
  }

  async follow(listener: (news: RunTailItem) => void): Promise<() => void> {
    if (this.#listeners.size === 0) this.#floor = await this.#deps.store.lastSequence();
    this.#listeners.add(listener);
    if (this.#stops.length === 0) this.#listen();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      for (const stop of this.#stops) stop();
      this.#stops = [];
      this.#changed = [];
      this.#touched.clear();
      this.#places.clear();
    };
  }

  #listen(): void {
    const { events } = this.#deps;
    this.#stops = [
      events.on('changed', (run) => {
        this.#changed.push(run);
        if (this.#changed.length > MAX_WAITING) this.#changed.shift();
        this.#touch(run.runId);
      }),
      events.on('logged', (runId) => this.#touch(runId)),
      events.on('missed', () => {
        for (const runId of this.#places.keys()) this.#touch(runId);
        this.#emit({ what: 'missed' });
      }),
    ];
  }

  #touch(runId: string): void {
    this.#touched.add(runId);
    if (this.#isReading) return;
    this.#isReading = true;
    void this.#readAll().finally(() => {
      this.#isReading = false;
    });
  }

  async #readAll(): Promise<void> {
    while (this.#touched.size > 0) {
      await delay(GATHER_MS, undefined, { ref: false });
      const runIds = [...this.#touched].slice(0, MAX_RUNS_AT_ONCE);
      // Nobody follows any more.
      if (runIds.length === 0) return;
      const asked = new Set(runIds);
      const changed = this.#changed.filter(({ runId }) => asked.has(runId));
      for (const runId of runIds) this.#touched.delete(runId);
      try {
        const found = await this.#deps.store.list(this.#askFor(runIds), MAX_LINES);
        const told = new Set(changed);
        this.#changed = this.#changed.filter((run) => !told.has(run));
        this.#tell(found, changed);
      } catch (error) {
        this.#deps.log.debug({ reason: messageOf(error) }, 'news of runs could not be read');
        for (const runId of runIds) if (this.#listeners.size > 0) this.#touched.add(runId);
        await delay(RETRY_MS, undefined, { ref: false });
      }
    }
  }

  #askFor(runIds: readonly string[]): ReadonlyMap<string, number> {
    return new Map(
      runIds.map((runId) => {
        const last = this.#places.get(runId)?.last ?? this.#floor;
        return [runId, Math.max(this.#floor, last - LOOK_BACK)];
      }),
    );
  }

  /** The lines first: a run that has ended has been told of to its last line. */
  #tell(found: readonly NewOfRun[], changed: readonly Run[]): void {
    const fresh = found.flatMap((of) => this.#freshOf(of).map((line) => ({ line, owner: of.owner })));
    for (const { line, owner } of fresh.toSorted((one, other) => one.line.sequence - other.line.sequence)) {
      this.#emit({ what: 'line', line, owner });
    }
    const owners = new Map(found.map(({ runId, owner }) => [runId, owner]));
    for (const run of changed) {
      const owner = owners.get(run.runId);
      // A run that is gone has no owner any more to whom it could be shown.
      if (owner !== undefined) this.#emit({ what: 'changed', run, owner });
    }
  }

  #freshOf({ runId, lines }: NewOfRun): readonly RunEvent[] {
    const place = this.#places.get(runId) ?? { last: this.#floor, told: new Set() };
    const fresh = lines.filter(({ sequence }) => !place.told.has(sequence));
    for (const { sequence } of fresh) {
      place.told.add(sequence);
      place.last = Math.max(place.last, sequence);
    }
    for (const sequence of place.told) if (sequence <= place.last - LOOK_BACK) place.told.delete(sequence);
    this.#keep(runId, place);
    if (lines.length === MAX_LINES) this.#touched.add(runId);
    return fresh;
  }

  #keep(runId: string, place: Place): void {
    this.#places.delete(runId);
    this.#places.set(runId, place);
    const [oldest] = this.#places;
    if (this.#places.size <= MAX_PLACES || oldest === undefined) return;
    this.#places.delete(oldest[0]);
    // Its lines up to here are not told again, should it come back.
    this.#floor = Math.max(this.#floor, oldest[1].last);
  }

  #emit(news: RunTailItem): void {
    for (const listener of this.#listeners) {
      try {
        listener(news);
      } catch (error) {
        this.#deps.log.error({ err: error }, 'a follower of runs threw');
      }
    }
  }
}
