import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { isWanted } from '../../events/index.ts';
import type { EventFilter, EventOutbox, LiveEvent, PassingEvent } from '../../events/index.ts';
import { gapFrame, heartbeatFrame, openingFrame, passingFrame } from './event-frames.ts';
import type { EventFrames } from './event-frames.ts';

export interface EventClientDeps {
  readonly response: ServerResponse;
  readonly outbox: Pick<EventOutbox, 'lastId' | 'listAfter'>;
  readonly frames: EventFrames;
  readonly filter: EventFilter;
  /** Of what is written and not yet taken, in bytes; more and the client is dropped. */
  readonly maxBufferedBytes: number;
  readonly onDropped: () => void;
}

/** Heartbeats for which a client that catches up may take nothing at all. */
const PATIENCE_BEATS = 2;

/** Lines may come faster than anything could store them. */
const PASSING_TYPE = 'service.log';

/**
 * One stream. It first reads what the client has missed, as fast as the client takes it, and goes over to what is handed
 * out at the moment at which it knows as much as everybody.
 */
export class EventClient {
  readonly #deps: EventClientDeps;
  readonly #gone = new AbortController();
  /** The id up to which the client has been told everything. */
  #position: number;
  #isLive = false;
  #beatsInVain = 0;

  constructor(deps: EventClientDeps) {
    this.#deps = deps;
    this.#position = deps.outbox.lastId;
    deps.response.once('close', () => this.#gone.abort());
  }

  /** Without an id the stream begins now. Resolves when the client is live or gone. */
  async start(after: number | undefined): Promise<void> {
    if (after !== undefined) this.#position = after;
    this.#write(openingFrame(this.#position));
    // Once in any case: an id from elsewhere may be beyond the end of this stream.
    if (after !== undefined) await this.#catchUp();
    while (this.#position < this.#deps.outbox.lastId && !this.#gone.signal.aborted) await this.#catchUp();
    this.#isLive = !this.#gone.signal.aborted;
  }

  /** What was just stored. */
  tell(events: readonly LiveEvent[]): void {
    if (!this.#isLive) return;
    const fresh = events.filter(({ id }) => id > this.#position);
    this.#position = fresh.at(-1)?.id ?? this.#position;
    const wanted = fresh.filter((event) => isWanted(event, this.#deps.filter));
    const [first, ...others] = wanted.map((event) => this.#deps.frames.of(event));
    if (first !== undefined) this.#writeLive(others.length === 0 ? first : Buffer.concat([first, ...others]));
  }

  /** What is not kept; for who has asked for its type alone. */
  pass(event: () => PassingEvent): void {
    const { filter } = this.#deps;
    if (!this.#isLive || filter.types?.has(PASSING_TYPE) !== true) return;
    const made = event();
    if (isWanted(made, filter)) this.#writeLive(passingFrame(made));
  }

  beat(): void {
    if (this.#isLive) return this.#writeLive(heartbeatFrame(this.#position));
    this.#beatsInVain += 1;
    if (this.#beatsInVain > PATIENCE_BEATS) this.#drop();
  }

  end(): void {
    this.#deps.response.end();
  }

  async #catchUp(): Promise<void> {
    const { events, forgottenUpTo } = await this.#deps.outbox.listAfter(this.#position);
    if (forgottenUpTo !== undefined) {
      await this.#writePatiently(gapFrame(Math.min(this.#position + 1, forgottenUpTo), forgottenUpTo));
      this.#position = forgottenUpTo;
    }
    for (const event of events) {
      if (this.#gone.signal.aborted) return;
      this.#position = event.id;
      if (isWanted(event, this.#deps.filter)) await this.#writePatiently(this.#deps.frames.of(event));
    }
  }

  async #writePatiently(frame: Buffer | string): Promise<void> {
    this.#beatsInVain = 0;
    if (this.#write(frame)) return;
    await once(this.#deps.response, 'drain', { signal: this.#gone.signal }).catch(() => {});
  }

  #writeLive(frame: Buffer | string): void {
    this.#write(frame);
    if (this.#deps.response.writableLength > this.#deps.maxBufferedBytes) this.#drop();
  }

  #write(frame: Buffer | string): boolean {
    return this.#gone.signal.aborted || this.#deps.response.write(frame);
  }

  #drop(): void {
    if (this.#gone.signal.aborted) return;
    this.#gone.abort();
    this.#isLive = false;
    this.#deps.onDropped();
    this.#deps.response.destroy();
  }
}
