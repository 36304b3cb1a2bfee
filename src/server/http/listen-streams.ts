import { InMemoryServerEventBus } from '@modelcontextprotocol/server';
import type { ServerEventBus } from '@modelcontextprotocol/server';
import type { Identity } from '../mcp/call-identity.ts';
import { listenSchema, refusedListen } from '../mcp/listen-request.ts';
import type { Subscriptions } from '../mcp/subscriptions.ts';
import type { WatchPermission } from '../mcp/watch-permission.ts';

export type OpenedStream =
  /** The request as it is to be answered: of resources that its sender may not read, it asks no more. */
  | { readonly request: unknown; readonly end: () => void }
  /** The JSON-RPC error that answers the request. */
  | { readonly problem: object };

/**
 * The `subscriptions/listen` streams of an endpoint, as far as the library does not know them: it filters what comes over the
 * bus for each stream, and this sees to it that what some stream asks for comes.
 */
export class ListenStreams {
  readonly bus: ServerEventBus = new InMemoryServerEventBus();
  readonly #subscriptions: Subscriptions;
  readonly #permit: WatchPermission;
  readonly #publish = (uri: string): void => this.bus.publish({ kind: 'resource_updated', uri });

  constructor(subscriptions: Subscriptions, permit: WatchPermission) {
    this.#subscriptions = subscriptions;
    this.#permit = permit;
  }

  /** Undefined for a request that opens no stream. `end` is to be called when the stream is over, or never came to be. */
  async open(request: unknown, identity: Identity | undefined): Promise<OpenedStream | undefined> {
    const listen = listenSchema.safeParse(request);
    if (!listen.success) return undefined;
    const { id, params } = listen.data;
    const uris = params.notifications.resourceSubscriptions;
    const subscriber = this.#subscriptions.connect(this.#publish);
    const end = (): void => subscriber.set(new Set());
    try {
      // First, for the limits: nobody has thousands of resources looked at.
      subscriber.set(new Set(uris));
      const permitted = await this.#permittedOf(uris, identity);
      if (permitted.length === uris.length) return { request, end };
      subscriber.set(new Set(permitted));
      const notifications = { ...params.notifications, resourceSubscriptions: permitted };
      return { request: { ...listen.data, params: { ...params, notifications } }, end };
    } catch (error) {
      end();
      return { problem: refusedListen(id, error) };
    }
  }

  /** What its sender may not read is to them as what does not exist: nothing is ever heard of it. */
  async #permittedOf(uris: readonly string[], identity: Identity | undefined): Promise<string[]> {
    const permitted: string[] = [];
    for (const uri of uris) {
      if (identity !== undefined && (await this.#isPermitted(uri, identity))) permitted.push(uri);
    }
    return permitted;
  }

  #isPermitted(uri: string, identity: Identity): Promise<boolean> {
    return this.#permit(uri, identity).then(
      () => true,
      () => false,
    );
  }
}
