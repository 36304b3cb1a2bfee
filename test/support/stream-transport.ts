import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** A client's side of stdio over any pair of streams: one JSON message a line. Fits the transports of both SDKs. */
export class StreamTransport<M> {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: M) => void;
  readonly #input: Readable;
  readonly #output: Writable;
  readonly #parse: (line: string) => M;

  constructor(streams: { input: Readable; output: Writable }, parse: (line: string) => M) {
    this.#input = streams.input;
    this.#output = streams.output;
    this.#parse = parse;
  }

  start(): Promise<void> {
    const lines = createInterface({ input: this.#input });
    lines.on('line', (line) => this.onmessage?.(this.#parse(line)));
    lines.on('close', () => this.onclose?.());
    return Promise.resolve();
  }

  send(message: M): Promise<void> {
    this.#output.write(`${JSON.stringify(message)}\n`);
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#output.end();
    return Promise.resolve();
  }
}
