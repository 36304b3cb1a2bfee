import type { LiveEvent, PassingEvent } from '../../events/index.ts';

/**
 * A comment, so that proxies and clients see that the stream lives; and where it is, for a client that was told nothing of
 * what happened meanwhile, since it wants or may see nothing of it.
 */
export function heartbeatFrame(id: number): string {
  return `: still here\nid: ${id}\n\n`;
}

/** How long a client waits before it connects again. */
const RETRY_MS = 1_000;

/** The first words of a stream: from here on the client knows where it is, before anything has happened. */
export function openingFrame(id: number): string {
  return `retry: ${RETRY_MS}\nid: ${id}\n\n`;
}

/** `from` to `to` can't be had any more: whoever needs to know what happened looks at the runs and the status. */
export function gapFrame(from: number, to: number): string {
  const reason = 'These events are not kept any more, or were never part of this stream.';
  return `id: ${to}\nevent: gap\ndata: ${JSON.stringify({ from, to, reason })}\n\n`;
}

/** Without an id: a client that comes again goes on after what is kept. */
export function passingFrame({ type, data }: PassingEvent): string {
  return `event: ${type}\ndata: ${data}\n\n`;
}

/** Made once an event, however many clients get it. */
export class EventFrames {
  readonly #frames = new WeakMap<LiveEvent, Buffer>();

  of(event: LiveEvent): Buffer {
    const known = this.#frames.get(event);
    if (known !== undefined) return known;
    const frame = Buffer.from(`id: ${event.id}\nevent: ${event.type}\ndata: ${event.data}\n\n`);
    this.#frames.set(event, frame);
    return frame;
  }
}
