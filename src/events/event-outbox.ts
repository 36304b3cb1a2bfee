import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { EventOutboxStore, UnstoredEvent } from './event-outbox-store.ts';
import type { LiveEvent, NewEvent, PassingEvent } from './live-event.ts';

export interface OutboxLimits {
  /** Of one stream. */
  readonly maxRows: number;
  readonly maxAgeMs: number;
  /** Events that wait for a database that is slow or away. */
  readonly maxWaiting: number;
}

export interface EventOutboxDeps {
  readonly store: EventOutboxStore;
  readonly log: Log;
  /** Names the stream of this master. */
  readonly stream: string;
  readonly limits?: OutboxLimits;
}

/** What comes after an id. */
export interface EventsAfter {
  readonly events: readonly LiveEvent[];
  /** The last id of those before them that are gone. */
  readonly forgottenUpTo: number | undefined;
}

/** Some minutes of a busy system, an evening of a quiet one. */
const DEFAULT_LIMITS: OutboxLimits = { maxRows: 20_000, maxAgeMs: 6 * 3_600_000, maxWaiting: 10_000 };
const MAX_BATCH = 500;
const PAGE = 200;
/** So often that a stream is never more than this over its limit. */
const PRUNE_EVERY = 1_000;
/** Facts, not documents: what is larger is in the run, the graph or the log itself. */
const MAX_DATA_CHARACTERS = 32_768;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 2_000;
/** A database that is away must not hold up the end. */
const LAST_WRITE_MS = 2_000;

export type EventListener = (events: readonly LiveEvent[]) => void;
/** The event is made when somebody wants it: lines may come by the thousand, and mostly nobody listens. */
export type PassingListener = (event: () => PassingEvent) => void;

/**
 * Takes events at any pace, stores them in batches and then tells everybody who listens. Only one process writes a stream:
 * the master that owns it.
 */
export class EventOutbox {
  readonly #deps: EventOutboxDeps;
  readonly #limits: OutboxLimits;
  readonly #listeners = new Set<EventListener>();
  readonly #passing = new Set<PassingListener>();
  readonly #closing = new AbortController();
  #waiting: UnstoredEvent[] = [];
  #lost = 0;
  #lastId = 0;
  #sincePruned = 0;
  #state: 'new' | 'open' | 'closed' = 'new';
  #writing: Promise<void> | undefined;

  constructor(deps: EventOutboxDeps) {
    this.#deps = deps;
    this.#limits = deps.limits ?? DEFAULT_LIMITS;
  }

  /** What was published before is stored from now on. */
  async open(): Promise<void> {
    const { store, stream } = this.#deps;
    await store.prune(this.#limits);
    this.#lastId = await store.lastId(stream);
    this.#state = 'open';
    this.#write();
  }

  /** The id of the last event that was handed out. */
  get lastId(): number {
    return this.#lastId;
  }

  /** Never throws and never waits. After `close` it does nothing. */
  publish({ type, data, runId, owner }: NewEvent): void {
    if (this.#state === 'closed') return;
    this.#waiting.push({ type, runId, owner, data: textOf(data) });
    if (this.#waiting.length > this.#limits.maxWaiting) {
      // A batch that is being stored may still succeed: those behind it are given up.
      this.#waiting.splice(Math.min(MAX_BATCH, this.#waiting.length - 1), 1);
      this.#lost += 1;
    }
    this.#write();
  }

  /** Calls the listener with each batch of events, once it is stored, until the returned function is called. */
  listen(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Hands an event to who listens now, and keeps nothing of it. */
  pass({ type, data, runId, owner }: NewEvent): void {
    let made: PassingEvent | undefined;
    for (const listener of this.#passing) listener(() => (made ??= { type, runId, owner, data: textOf(data) }));
  }

  listenPassing(listener: PassingListener): () => void {
    this.#passing.add(listener);
    return () => this.#passing.delete(listener);
  }

  /** The next events after an id, whoever may see them. After an id that this stream never gave out, all is forgotten. */
  async listAfter(id: number): Promise<EventsAfter> {
    const { store, stream } = this.#deps;
    const events = await store.list(stream, id, PAGE);
    if (events.length > 0) return { events, forgottenUpTo: forgottenBefore(events, id) };
    const lastId = await store.lastId(stream);
    if (lastId === id) return { events, forgottenUpTo: undefined };
    // What was stored between the two questions is not forgotten.
    const later = lastId > id ? await store.list(stream, id, PAGE) : [];
    return later.length > 0
      ? { events: later, forgottenUpTo: forgottenBefore(later, id) }
      : { events, forgottenUpTo: lastId };
  }

  /** Resolves when all that was published so far is handed out, or the time is over. */
  async flush(): Promise<void> {
    const limit = new AbortController();
    const over = delay(LAST_WRITE_MS, undefined, { signal: limit.signal, ref: false }).catch(() => {});
    await Promise.race([this.#untilIdle(), over]);
    limit.abort();
  }

  /** Stores what waits, if the database lets it, and takes no more. */
  async close(): Promise<void> {
    if (this.#state === 'open') await this.flush();
    this.#state = 'closed';
    this.#closing.abort();
    await this.#writing;
    this.#listeners.clear();
    this.#passing.clear();
  }

  async #untilIdle(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
  }

  #write(): void {
    if (this.#state !== 'open' || this.#writing !== undefined || this.#waiting.length === 0) return;
    this.#writing = this.#writeAll().finally(() => {
      this.#writing = undefined;
      this.#write();
    });
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#nextBatch();
      const lastId = await this.#store(batch);
      if (lastId === undefined) return;
      this.#waiting.splice(0, batch.length);
      this.#handOut(batch, lastId);
      await this.#pruneSometimes(batch.length);
    }
  }

  #nextBatch(): readonly UnstoredEvent[] {
    if (this.#lost > 0) {
      const data = textOf({ lost: this.#lost, reason: 'Events came faster than they could be stored.' });
      this.#waiting.unshift({ type: 'gap', runId: undefined, owner: undefined, data });
      this.#lost = 0;
    }
    return this.#waiting.slice(0, MAX_BATCH);
  }

  /** Returns the id of the last one; undefined when the outbox is closed before the database comes back. */
  async #store(batch: readonly UnstoredEvent[]): Promise<number | undefined> {
    const { log } = this.#deps;
    const { signal } = this.#closing;
    for (let retryMs = FIRST_RETRY_MS; !signal.aborted; retryMs = Math.min(LONGEST_RETRY_MS, retryMs * 2)) {
      try {
        return await this.#storeOnce(batch);
      } catch (error) {
        log.debug({ reason: messageOf(error), waiting: this.#waiting.length }, 'events could not be stored');
        await delay(retryMs, undefined, { signal, ref: false }).catch(() => {});
      }
    }
    return undefined;
  }

  /** A connection that broke may have hidden a success: then the stream is where this batch would have brought it. */
  async #storeOnce(batch: readonly UnstoredEvent[]): Promise<number> {
    const { store, stream } = this.#deps;
    for (;;) {
      const stored = await store.append(stream, batch, this.#lastId);
      if (stored !== undefined) return stored;
      const lastId = await store.lastId(stream);
      if (lastId === this.#lastId + batch.length) return lastId;
      this.#lastId = lastId;
    }
  }

  #handOut(batch: readonly UnstoredEvent[], lastId: number): void {
    const firstId = lastId - batch.length + 1;
    const events = batch.map((event, index) => ({ ...event, id: firstId + index }));
    this.#lastId = lastId;
    for (const listener of this.#listeners) {
      try {
        listener(events);
      } catch (error) {
        this.#deps.log.error({ err: error }, 'a listener of events threw');
      }
    }
  }

  async #pruneSometimes(stored: number): Promise<void> {
    this.#sincePruned += stored;
    if (this.#sincePruned < PRUNE_EVERY) return;
    this.#sincePruned = 0;
    await this.#deps.store.prune(this.#limits).catch((error: unknown) => {
      this.#deps.log.debug({ reason: messageOf(error) }, 'old events could not be deleted');
    });
  }
}

function textOf(data: unknown): string {
  let text: string;
  try {
    text = JSON.stringify(data) ?? 'null';
  } catch {
    // Whatever has no JSON must not trouble whom it happened to.
    return JSON.stringify({ isLeftOut: true });
  }
  return text.length <= MAX_DATA_CHARACTERS ? text : JSON.stringify({ isLeftOut: true, characters: text.length });
}

/** The last id after `id` that is no longer there. */
function forgottenBefore([first]: readonly LiveEvent[], id: number): number | undefined {
  return first === undefined || first.id === id + 1 ? undefined : first.id - 1;
}
