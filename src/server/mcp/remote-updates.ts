import { setTimeout as delay } from 'node:timers/promises';
import type { Client, McpSubscription } from '@modelcontextprotocol/client';
import { messageOf } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { firstOf } from './first-of.ts';

/** Several resources that are watched at the same time take one new stream. */
const GATHER_MS = 20;
const FIRST_RETRY_DELAY_MS = 250;
const MAX_RETRY_DELAY_MS = 5_000;

export interface RemoteUpdatesDeps {
  /** A client of its own: what it is told is for this alone. */
  readonly open: () => Promise<Client>;
  readonly log: Log;
}

interface Stream {
  readonly client: Client;
  readonly subscription: McpSubscription;
  readonly uris: ReadonlySet<string>;
}

/**
 * Updates of a master's resources over one `subscriptions/listen` stream, which is there only while something is watched.
 * What changed while a resource was not on the stream is not known: it is said to have changed once it is.
 */
export class RemoteUpdates {
  readonly #deps: RemoteUpdatesDeps;
  readonly #listeners = new Map<string, Set<() => void>>();
  #isServing = false;
  #changed = new AbortController();

  constructor(deps: RemoteUpdatesDeps) {
    this.#deps = deps;
  }

  watch(uri: string, onUpdate: () => void): () => void {
    const listeners = this.#listeners.get(uri) ?? new Set();
    // A function of its own: the same listener may come twice.
    const listener = (): void => onUpdate();
    listeners.add(listener);
    this.#listeners.set(uri, listeners);
    this.#changed.abort();
    if (!this.#isServing) void this.#serve();
    return () => {
      if (!listeners.delete(listener) || listeners.size > 0) return;
      this.#listeners.delete(uri);
      this.#changed.abort();
    };
  }

  async #serve(): Promise<void> {
    this.#isServing = true;
    let stream: Stream | undefined;
    let retryDelayMs = FIRST_RETRY_DELAY_MS;
    while (this.#listeners.size > 0) {
      this.#changed = new AbortController();
      await delay(GATHER_MS);
      const former = stream;
      stream = await this.#renew(former);
      if (stream === undefined) {
        await firstOf(delay(retryDelayMs), this.#changed.signal);
        retryDelayMs = Math.min(MAX_RETRY_DELAY_MS, retryDelayMs * 2);
        continue;
      }
      retryDelayMs = FIRST_RETRY_DELAY_MS;
      for (const uri of stream.uris) if (former?.uris.has(uri) !== true) this.#tell(uri);
      const ending = await firstOf(stream.subscription.closed, this.#changed.signal);
      if (ending !== undefined) stream = await end(stream);
    }
    this.#isServing = false;
    await end(stream);
  }

  /** The new stream is there before the old one ends: between them nothing is lost. */
  async #renew(former: Stream | undefined): Promise<Stream | undefined> {
    const uris = new Set(this.#listeners.keys());
    let client: Client | undefined;
    try {
      client = former?.client ?? (await this.#connect());
      const subscription = await client.listen({ resourceSubscriptions: [...uris] });
      await former?.subscription.close();
      return { client, subscription, uris };
    } catch (error) {
      this.#deps.log.debug({ reason: messageOf(error) }, 'the master gives no updates');
      await former?.subscription.close().catch(() => {});
      await client?.close().catch(() => {});
      return undefined;
    }
  }

  async #connect(): Promise<Client> {
    const client = await this.#deps.open();
    client.setNotificationHandler('notifications/resources/updated', ({ params }) => this.#tell(params.uri));
    return client;
  }

  #tell(uri: string): void {
    for (const listener of this.#listeners.get(uri) ?? []) listener();
  }
}

async function end(stream: Stream | undefined): Promise<undefined> {
  await stream?.subscription.close().catch(() => {});
  await stream?.client.close().catch(() => {});
}
