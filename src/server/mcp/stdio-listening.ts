import type { JSONRPCErrorResponse, JSONRPCMessage, Server } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { listenSchema, refusedListen } from './listen-request.ts';
import type { Subscriber, Subscriptions } from './subscriptions.ts';

const cancelSchema = z.object({
  method: z.literal('notifications/cancelled'),
  params: z.object({ requestId: z.union([z.string(), z.number()]) }),
});

/**
 * What the `subscriptions/listen` requests of one stdio connection ask for. The library serves them and sends on each what it
 * asks for of all that the server sends; this sees to it that the server sends it.
 */
export class StdioListening {
  readonly #subscriber: Subscriber;
  readonly #streams = new Map<string | number, readonly string[]>();
  #server: Server | undefined;

  constructor(subscriptions: Subscriptions) {
    this.#subscriber = subscriptions.connect((uri) => {
      void this.#server?.sendResourceUpdated({ uri }).catch(() => {});
    });
  }

  /** Of the servers that are built for a connection, the last one answers. Older clients do not listen. */
  servedBy(server: Server, era: 'legacy' | 'modern'): Server {
    this.#server = era === 'modern' ? server : undefined;
    return server;
  }

  /** To be called with every message that comes in: the error that answers it in place of the server, if any. */
  problemOf(message: JSONRPCMessage): JSONRPCErrorResponse | undefined {
    const cancel = cancelSchema.safeParse(message);
    if (cancel.success && this.#streams.delete(cancel.data.params.requestId)) this.#subscriber.set(this.#wanted());
    const listen = listenSchema.safeParse(message);
    if (!listen.success) return undefined;
    const { id, params } = listen.data;
    try {
      this.#subscriber.set(new Set([...this.#wanted(), ...params.notifications.resourceSubscriptions]));
      this.#streams.set(id, params.notifications.resourceSubscriptions);
      return undefined;
    } catch (error) {
      return refusedListen(id, error);
    }
  }

  end(): void {
    this.#streams.clear();
    this.#subscriber.set(new Set());
  }

  #wanted(): Set<string> {
    return new Set([...this.#streams.values()].flat());
  }
}
