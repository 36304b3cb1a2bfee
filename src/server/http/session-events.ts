import { setImmediate } from 'node:timers/promises';
import type { EventStore, JSONRPCMessage } from '@modelcontextprotocol/server';
import { AppError } from '../../core/errors.ts';

/** What of one session is kept for clients whose stream broke: enough for the answers of some minutes. */
export interface EventLimits {
  readonly maxEvents: number;
  readonly maxBytes: number;
  readonly maxAgeMs: number;
}

export const DEFAULT_EVENT_LIMITS: EventLimits = {
  maxEvents: 1_000,
  maxBytes: 2 * 1024 * 1024,
  maxAgeMs: 10 * 60_000,
};

interface StoredEvent {
  readonly sequence: number;
  readonly streamId: string;
  readonly message: JSONRPCMessage;
  readonly bytes: number;
  readonly atMs: number;
}

interface StreamState {
  /** Events that are still here. */
  left: number;
  /** The sequence of the last one that is not. */
  forgotten: number;
  /** Its answer has been sent: nothing more comes. */
  isAnswered: boolean;
}

type Send = (eventId: string, message: JSONRPCMessage) => Promise<void>;

/**
 * The events of one session's streams, the oldest forgotten first. A stream is resumed only where nothing was forgotten that
 * the client does not have; else it is refused, and the client has to ask anew. Ids are `<sequence>.<stream>`.
 */
export class SessionEvents implements EventStore {
  readonly #limits: EventLimits;
  readonly #now: () => number;
  readonly #events: StoredEvent[] = [];
  readonly #streams = new Map<string, StreamState>();
  /** Streams that are being replayed. */
  readonly #replays = new Map<string, Promise<unknown>>();
  #bytes = 0;
  #sequence = 0;

  /** `now`: milliseconds on a clock that never goes back. */
  constructor(limits: EventLimits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
  }

  async storeEvent(streamId: string, message: JSONRPCMessage): Promise<string> {
    this.#sequence += 1;
    const sequence = this.#sequence;
    const bytes = Buffer.byteLength(JSON.stringify(message));
    this.#events.push({ sequence, streamId, message, bytes, atMs: this.#now() });
    this.#bytes += bytes;
    this.#note(streamId, message);
    this.prune();
    // The library looks for the stream's connection next: not before a replay has handed it over.
    await this.#replays.get(streamId);
    return `${sequence}.${streamId}`;
  }

  /** Whether a client that has come as far as this event can be given the rest. */
  canResume(eventId: string): boolean {
    return this.#resumable(eventId) !== undefined;
  }

  /**
   * Sends what the client does not have, what is stored meanwhile included. The library could ask before which stream it is;
   * it would then refuse a client that comes back before the end of its old connection was noticed.
   */
  async replayEventsAfter(lastEventId: string, { send }: { send: Send }): Promise<string> {
    const place = this.#resumable(lastEventId);
    if (place === undefined) throw new AppError('not_found', 'The stream can not be resumed from there any more.');
    const { streamId } = place;
    const replay = this.#replay(place, send);
    const handedOver = replay.catch(() => {}).then(() => setImmediate());
    this.#replays.set(streamId, handedOver);
    void handedOver.then(() => this.#replays.delete(streamId));
    await replay;
    return streamId;
  }

  /** Forgets what is too old or too much. */
  prune(): void {
    const { maxEvents, maxBytes, maxAgeMs } = this.#limits;
    const oldest = this.#now() - maxAgeMs;
    for (let [first] = this.#events; first !== undefined; [first] = this.#events) {
      if (this.#events.length <= maxEvents && this.#bytes <= maxBytes && first.atMs >= oldest) return;
      this.#events.shift();
      this.#forget(first);
    }
  }

  async #replay({ streamId, sequence }: Place, send: Send): Promise<void> {
    let last = sequence;
    const next = (): StoredEvent | undefined =>
      this.#events.find((event) => event.streamId === streamId && event.sequence > last);
    for (let event = next(); event !== undefined; event = next()) {
      last = event.sequence;
      // The event that only gave the stream its first id says nothing.
      if (Object.keys(event.message).length > 0) await send(`${last}.${streamId}`, event.message);
    }
  }

  #note(streamId: string, message: JSONRPCMessage): void {
    const stream = this.#streams.get(streamId) ?? { left: 0, forgotten: 0, isAnswered: false };
    stream.left += 1;
    stream.isAnswered ||= 'result' in message || 'error' in message;
    // Last in the order of the map: of streams that nobody answers, the longest silent are given up first.
    this.#streams.delete(streamId);
    this.#streams.set(streamId, stream);
    if (this.#streams.size <= this.#limits.maxEvents * 2) return;
    for (const [id, { left }] of this.#streams) if (left === 0) return void this.#streams.delete(id);
  }

  #forget({ streamId, sequence, bytes }: StoredEvent): void {
    this.#bytes -= bytes;
    const stream = this.#streams.get(streamId);
    if (stream === undefined) return;
    stream.left -= 1;
    stream.forgotten = sequence;
    if (stream.left === 0 && stream.isAnswered) this.#streams.delete(streamId);
  }

  #resumable(eventId: string): Place | undefined {
    const [, digits, streamId = ''] = /^(\d{1,15})\.(.+)$/.exec(eventId) ?? [];
    const sequence = Number(digits);
    const stream = this.#streams.get(streamId);
    if (stream === undefined || sequence < stream.forgotten || sequence > this.#sequence) return undefined;
    return { streamId, sequence };
  }
}

/** Where in a stream a client is. */
interface Place {
  readonly streamId: string;
  readonly sequence: number;
}
