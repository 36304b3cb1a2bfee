import { request } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { z } from 'zod';

/** One server-sent event as a client understands it. */
export interface ReadEvent {
  readonly id: number;
  readonly type: string;
  readonly data: Record<string, unknown>;
}

const dataSchema = z.record(z.string(), z.unknown());

/** A client of `/api/events` that knows the format and keeps all that it gets. */
export class EventReader {
  readonly events: ReadEvent[] = [];
  comments = 0;
  /** Of the last field `id`, also where no event came with it. */
  lastId: number | undefined;
  isEnded = false;
  readonly #response: IncomingMessage;
  readonly #request: ClientRequest;
  #waiting: (() => void)[] = [];
  #text = '';

  constructor(outgoing: ClientRequest, response: IncomingMessage) {
    this.#request = outgoing;
    this.#response = response;
    response.setEncoding('utf8');
    response.on('data', (text: string) => this.#take(text));
    const end = (): void => {
      this.isEnded = true;
      this.#wake();
    };
    response.on('error', end);
    response.on('close', end);
  }

  get status(): number {
    return this.#response.statusCode ?? 0;
  }

  get headers(): IncomingMessage['headers'] {
    return this.#response.headers;
  }

  /** What came when it was not a stream. */
  get text(): string {
    return this.#text;
  }

  /** Resolves once it is so; rejects when the stream ends before. */
  async until(isSo: (reader: this) => boolean): Promise<void> {
    while (!isSo(this)) {
      if (this.isEnded) throw new Error(`The stream ended after ${this.events.length} events.`);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  async ended(): Promise<void> {
    while (!this.isEnded) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Reads no more, and does not say so. */
  stall(): void {
    this.#response.pause();
  }

  resume(): void {
    this.#response.resume();
  }

  /** Breaks the connection off. */
  cut(): void {
    this.#request.destroy();
  }

  #take(text: string): void {
    this.#text += text;
    for (let end = this.#text.indexOf('\n\n'); end >= 0; end = this.#text.indexOf('\n\n')) {
      this.#read(this.#text.slice(0, end).split('\n'));
      this.#text = this.#text.slice(end + 2);
    }
    this.#wake();
  }

  #read(lines: readonly string[]): void {
    const field = (name: string): string | undefined =>
      lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
    if (lines.some((line) => line.startsWith(':'))) this.comments += 1;
    const id = field('id');
    if (id !== undefined) this.lastId = Number(id);
    const data = field('data');
    if (data === undefined) return;
    const parsed = dataSchema.parse(JSON.parse(data));
    this.events.push({ id: this.lastId ?? -1, type: field('event') ?? 'message', data: parsed });
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}

export interface ReadOptions {
  readonly token: string;
  readonly query?: string;
  readonly lastEventId?: number | string;
  readonly method?: string;
}

/** Connects, on a connection of its own. */
export function readEvents(baseUrl: string, { token, query = '', lastEventId, method }: ReadOptions) {
  return new Promise<EventReader>((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${token}`,
      ...(lastEventId === undefined ? {} : { 'last-event-id': String(lastEventId) }),
    };
    const outgoing = request(`${baseUrl}/api/events${query}`, { headers, agent: false, method: method ?? 'GET' });
    outgoing.on('response', (response) => resolve(new EventReader(outgoing, response)));
    outgoing.on('error', reject);
    outgoing.end();
  });
}
