import { z } from 'zod';

/** One event of a stream as it came over the wire. */
export interface StreamEvent {
  readonly id: string | undefined;
  readonly retryMs: number | undefined;
  /** Undefined for one without data. */
  readonly message: unknown;
}

/** Reads a `text/event-stream` answer event by event. */
export class EventStream {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #decoder = new TextDecoder();
  #text = '';

  constructor(response: Response) {
    if (response.body === null) throw new Error('The answer has no body.');
    this.#reader = response.body.getReader();
  }

  /** Undefined at the end. Comments are passed over. */
  async next(): Promise<StreamEvent | undefined> {
    for (;;) {
      const end = this.#text.indexOf('\n\n');
      if (end >= 0) {
        const lines = this.#text.slice(0, end).split('\n');
        this.#text = this.#text.slice(end + 2);
        if (lines.every((line) => line.startsWith(':'))) continue;
        return eventOf(lines);
      }
      const { done, value } = await this.#reader.read();
      if (done) return undefined;
      this.#text += this.#decoder.decode(value, { stream: true });
    }
  }

  /** All that is still to come. */
  async rest(): Promise<StreamEvent[]> {
    const events: StreamEvent[] = [];
    for (let event = await this.next(); event !== undefined; event = await this.next()) events.push(event);
    return events;
  }

  /** Breaks the connection off. */
  cancel(): Promise<void> {
    return this.#reader.cancel();
  }
}

function eventOf(lines: readonly string[]): StreamEvent {
  const field = (name: string): string | undefined =>
    lines
      .find((line) => line.startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .trim();
  const data = field('data') ?? '';
  const retry = field('retry');
  return {
    id: field('id'),
    retryMs: retry === undefined ? undefined : Number(retry),
    message: data === '' ? undefined : z.unknown().parse(JSON.parse(data)),
  };
}
