import type { Database, NotificationFeed } from '../core/db/index.ts';
import { TypedEvents } from '../core/events.ts';
import type { EventSource } from '../core/events.ts';
import type { Log } from '../core/log.ts';
import { RunAnnouncer } from './run-announcer.ts';
import type { RunServiceEvents } from './run-events.ts';
import type { RunMeasurement } from './run-measurement.ts';
import { followRuns } from './run-feed.ts';
import type { Run } from './run-schema.ts';
import type { RunStore } from './run-store.ts';

/** Lines come at any pace; who reads along is told of several at once. */
const LOGGED_INTERVAL_MS = 500;

export interface RunChangesDeps {
  readonly database: Database;
  readonly store: RunStore;
  readonly log: Log;
}

/** Changes of runs as events of this process: its own at once, those of other processes when it hears of them. */
export class RunChanges {
  readonly events: EventSource<RunServiceEvents>;
  readonly #events = new TypedEvents<RunServiceEvents>();
  readonly #deps: RunChangesDeps;
  readonly #announcer: RunAnnouncer;
  #feed: NotificationFeed | undefined;
  /** Runs whose lines are still to be told of. */
  readonly #logged = new Map<string, NodeJS.Timeout>();

  constructor(deps: RunChangesDeps) {
    this.#deps = deps;
    this.events = this.#events;
    this.#announcer = new RunAnnouncer(deps.store, deps.log);
  }

  /** `onForeign` is told which runs other processes have changed; of nothing, when that was not heard for a while. */
  open(onForeign: (runIds?: readonly string[]) => Promise<void>): void {
    const { database, log, store } = this.#deps;
    let isConnectedAgain = false;
    this.#feed = followRuns({
      database,
      log,
      sender: this.#announcer.sender,
      onChanged: async (runIds) => {
        await onForeign(runIds);
        if (this.#events.listenerCount('changed') === 0) return;
        for (const run of await store.findMany(runIds)) this.#emit('changed', run);
      },
      onGap: () => {
        // Before the first connection there was nothing to be heard.
        if (isConnectedAgain) this.#guarded('', () => this.#events.emit('missed'));
        isConnectedAgain = true;
        return onForeign();
      },
    });
  }

  async close(): Promise<void> {
    for (const timer of this.#logged.values()) clearTimeout(timer);
    this.#logged.clear();
    await this.#announcer.flush();
    await this.#feed?.close();
    this.#feed = undefined;
  }

  /** Something that this process has stored. */
  changed(run: Run): void {
    this.#announcer.announce(run.runId);
    this.#emit('changed', run);
  }

  progressed(run: Run): void {
    this.#emit('progress', run);
    this.changed(run);
  }

  measured(measured: RunMeasurement): void {
    this.#guarded('', () => this.#events.emit('measured', measured));
  }

  /** Lines that this process has stored. Other processes hear of it as of any change. */
  logged(runId: string): void {
    if (this.#logged.has(runId)) return;
    const tell = (): void => {
      this.#logged.delete(runId);
      this.#announcer.announce(runId);
      this.#guarded(runId, () => this.#events.emit('logged', runId));
    };
    this.#logged.set(runId, setTimeout(tell, LOGGED_INTERVAL_MS));
  }

  #emit(name: 'changed' | 'progress', run: Run): void {
    this.#guarded(run.runId, () => this.#events.emit(name, run));
  }

  /** A listener that throws must not end the run that it listens to. */
  #guarded(runId: string, emit: () => void): void {
    try {
      emit();
    } catch (error) {
      this.#deps.log.error({ err: error, runId }, 'a listener of runs threw');
    }
  }
}
