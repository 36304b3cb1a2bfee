import type { ServerResponse } from 'node:http';
import { LOCAL_PRINCIPAL } from '../../core/access.ts';
import { AppError } from '../../core/errors.ts';
import type { EventFilter, EventOutbox } from '../../events/index.ts';
import { EventClient } from './event-client.ts';
import { EventFrames } from './event-frames.ts';

export interface StreamLimits {
  /** Streams of one principal at a time. */
  readonly maxStreams: number;
  /** Of this machine's own callers together. */
  readonly maxLocalStreams: number;
  /** Bytes that one client may leave untaken. */
  readonly maxBufferedBytes: number;
}

export const DEFAULT_STREAM_LIMITS: StreamLimits = {
  maxStreams: 16,
  maxLocalStreams: 1_024,
  maxBufferedBytes: 256 * 1024,
};

/** Calls `tick` again and again until the returned function is called. */
export type Ticker = (intervalMs: number, tick: () => void) => () => void;

const HEARTBEAT_MS = 15_000;

export interface EventClientsDeps {
  readonly outbox: EventOutbox;
  readonly limits: StreamLimits;
  readonly ticker: Ticker;
}

export interface StreamRequest {
  readonly principal: string;
  readonly filter: EventFilter;
  /** The id of the last event that the client has. */
  readonly after: number | undefined;
}

/** All streams of this process: one listener of the outbox and one heartbeat, however many there are. */
export class EventClients {
  readonly #deps: EventClientsDeps;
  readonly #frames = new EventFrames();
  readonly #clients = new Map<EventClient, string>();
  readonly #stops: readonly (() => void)[];
  #dropped = 0;
  #isClosing = false;

  constructor(deps: EventClientsDeps) {
    this.#deps = deps;
    this.#stops = [
      deps.outbox.listen((events) => {
        for (const client of this.#clients.keys()) client.tell(events);
      }),
      deps.outbox.listenPassing((event) => {
        for (const client of this.#clients.keys()) client.pass(event);
      }),
      deps.ticker(HEARTBEAT_MS, () => {
        for (const client of this.#clients.keys()) client.beat();
      }),
    ];
  }

  /** Streams that are open, and how many were dropped because they took too little. */
  counts(): { readonly open: number; readonly dropped: number } {
    return { open: this.#clients.size, dropped: this.#dropped };
  }

  /** Throws `limit_reached` when the principal has as many streams as it may have, `not_ready` at the end. */
  requireRoom(principal: string): void {
    if (this.#isClosing) throw new AppError('not_ready', 'The server is stopping.', { hint: 'Connect again later.' });
    const { maxStreams, maxLocalStreams } = this.#deps.limits;
    const most = principal === LOCAL_PRINCIPAL ? maxLocalStreams : maxStreams;
    const open = [...this.#clients.values()].filter((other) => other === principal).length;
    if (open < most) return;
    throw new AppError('limit_reached', `You have ${open} streams of events open, the most that you may have.`, {
      hint: 'Close one of them, or follow several types on one stream.',
    });
  }

  /** The head of the answer has been written. Resolves when the stream is live or gone. */
  async serve(response: ServerResponse, { principal, filter, after }: StreamRequest): Promise<void> {
    const { outbox, limits } = this.#deps;
    if (response.destroyed) return;
    const client = new EventClient({
      response,
      outbox,
      filter,
      frames: this.#frames,
      maxBufferedBytes: limits.maxBufferedBytes,
      onDropped: () => {
        this.#dropped += 1;
        this.#clients.delete(client);
      },
    });
    this.#clients.set(client, principal);
    response.once('close', () => this.#clients.delete(client));
    await client.start(after);
  }

  /** Ends all streams, after what was published so far. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#deps.outbox.flush();
    for (const stop of this.#stops) stop();
    for (const client of this.#clients.keys()) client.end();
    this.#clients.clear();
  }
}
