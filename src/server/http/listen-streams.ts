import { InMemoryServerEventBus } from '@modelcontextprotocol/server';
import type { ServerEventBus } from '@modelcontextprotocol/server';
import { listenSchema, refusedListen } from '../mcp/listen-request.ts';
import type { Subscriptions } from '../mcp/subscriptions.ts';

export type OpenedStream =
  | { readonly end: () => void }
  /** The JSON-RPC error that answers the request. */
  | { readonly problem: object };

/**
 * The `subscriptions/listen` streams of an endpoint, as far as the library does not know them: it filters what comes over the
 * bus for each stream, and this sees to it that what some stream asks for comes.
 */
export class ListenStreams {
  readonly bus: ServerEventBus = new InMemoryServerEventBus();
  readonly #subscriptions: Subscriptions;
  readonly #publish = (uri: string): void => this.bus.publish({ kind: 'resource_updated', uri });

  constructor(subscriptions: Subscriptions) {
    this.#subscriptions = subscriptions;
  }

  /** Undefined for a request that opens no stream. `end` is to be called when the stream is over, or never came to be. */
  open(request: unknown): OpenedStream | undefined {
    const listen = listenSchema.safeParse(request);
    if (!listen.success) return undefined;
    const { id, params } = listen.data;
    const subscriber = this.#subscriptions.connect(this.#publish);
    try {
      subscriber.set(new Set(params.notifications.resourceSubscriptions));
    } catch (error) {
      return { problem: refusedListen(id, error) };
    }
    return { end: () => subscriber.set(new Set()) };
  }
}
