import { PassThrough } from 'node:stream';
import { Client as ModernSdkClient, deserializeMessage } from '@modelcontextprotocol/client';
import type { Transport as ModernSdkTransport } from '@modelcontextprotocol/client';
import { Client as OldSdkClient } from '@modelcontextprotocol/sdk/client/index.js';
import { ResourceUpdatedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { deserializeMessage as oldDeserializeMessage } from '@modelcontextprotocol/sdk/shared/stdio.js';
import type { Transport as OldSdkTransport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { TypedEvents } from '../../src/core/events.ts';
import { createSilentLog } from '../../src/core/log.ts';
import type { HttpServer, HttpServerOptions } from '../../src/server/http/http-server.ts';
import { createFollowingBackend } from '../../src/server/mcp/following-backend.ts';
import { createLocalBackend } from '../../src/server/mcp/local-backend.ts';
import { createMcpServer } from '../../src/server/mcp/mcp-server.ts';
import { createRemoteBackend } from '../../src/server/mcp/remote-backend.ts';
import { serveMcpStdio } from '../../src/server/mcp/serve-stdio.ts';
import { Subscriptions } from '../../src/server/mcp/subscriptions.ts';
import type { SubscriptionLimits } from '../../src/server/mcp/subscriptions.ts';
import type { SurfaceBackend } from '../../src/server/mcp/surface-backend.ts';
import type { Catalog } from '../../src/surface/index.ts';
import { StreamTransport } from './stream-transport.ts';
import { httpTransport, oldHttpTransport, serveHttp, TOKEN } from './surface-client.ts';
import { NO_SERVICES } from './test-catalog.ts';
import { testSealer } from './test-sealer.ts';

export type Completion = { values: string[]; total?: number | undefined; hasMore?: boolean | undefined };
export type CompletionParams = Parameters<ModernSdkClient['complete']>[0];

/** What both SDKs' clients, in both eras, can do about what changes. */
export interface LiveClient {
  complete(params: CompletionParams): Promise<Completion>;
  /** Resolves, once the server knows of it, to what ends it. */
  subscribe(uris: readonly string[]): Promise<() => Promise<void>>;
  /** URIs that the server has said to have changed, so far. */
  updates(): readonly string[];
  /** Resolves when there are so many updates of the resource. */
  updated(uri: string, count: number): Promise<void>;
  close(): Promise<void>;
}

type Sdk = 'modern' | 'legacy' | 'v1';

/** Where the client is served from: the process itself, or one that forwards to a master. */
export type LivePlace = { readonly transport: 'HTTP' | 'stdio' | 'stdio before a master'; readonly sdk: Sdk };

export const LIVE_PLACES: readonly LivePlace[] = (['HTTP', 'stdio', 'stdio before a master'] as const).flatMap(
  (transport) => (['modern', 'legacy', 'v1'] as const).map((sdk) => ({ transport, sdk })),
);

const log = createSilentLog();

export async function openLive(
  { transport, sdk }: LivePlace,
  catalog: Catalog,
  limits?: SubscriptionLimits,
): Promise<LiveClient> {
  const options: Partial<HttpServerOptions> = limits === undefined ? {} : { subscriptionLimits: limits };
  switch (transport) {
    case 'HTTP': {
      const server = await serveHttp({ catalog, log }, options);
      return closingToo(await connectHttp(server, sdk), () => server.close());
    }
    case 'stdio': {
      const services = () => Promise.resolve(NO_SERVICES);
      return overStdio(
        { backend: createLocalBackend({ sealer: testSealer, catalog, log, services }), catalog, limits },
        sdk,
      );
    }
    case 'stdio before a master': {
      const server = await serveHttp({ catalog, log }, options);
      const backend = createFollowingBackend({ catalog, source: sourceOf(server) });
      return closingToo(await overStdio({ backend, catalog, limits }, sdk), () => server.close());
    }
    default:
      return transport satisfies never;
  }
}

export function connectHttp(server: HttpServer, sdk: Sdk): Promise<LiveClient> {
  const url = new URL(`${server.url}/mcp`);
  return sdk === 'v1' ? oldClient(oldHttpTransport(url)) : newClient(sdk, httpTransport(url));
}

function sourceOf(server: HttpServer) {
  const backend = createRemoteBackend({ url: `${server.url}/mcp`, token: TOKEN, log });
  const current = () => Promise.resolve({ backend, gone: new AbortController().signal });
  return { current, lookNow: () => {}, lastFailure: () => undefined };
}

interface Front {
  readonly backend: SurfaceBackend;
  readonly catalog: Catalog;
  readonly limits: SubscriptionLimits | undefined;
}

/** A client of a stdio connection over any backend. */
export async function overStdio({ backend, catalog, limits }: Front, sdk: Sdk): Promise<LiveClient> {
  const toServer = new PassThrough();
  const toClient = new PassThrough();
  const subscriptions = new Subscriptions(backend, limits);
  const info = { name: 'lightdom', version: '0.0.0-test' };
  const connection = serveMcpStdio({
    build: () => createMcpServer({ catalog, backend, info, log, subscriptions }),
    subscriptions,
    onClose: () => toClient.end(),
    input: toServer,
    output: toClient,
  });
  const pair = { input: toClient, output: toServer };
  const opened =
    sdk === 'v1'
      ? oldClient(new StreamTransport(pair, oldDeserializeMessage))
      : newClient(sdk, new StreamTransport(pair, deserializeMessage));
  return closingToo(await opened, () => connection.close());
}

function closingToo(client: LiveClient, close: () => Promise<void>): LiveClient {
  return {
    ...client,
    async close() {
      await client.close();
      await close();
    },
  };
}

/** The client of SDK v2: the newer era listens, the older one subscribes. */
export async function newClient(era: 'modern' | 'legacy', transport: ModernSdkTransport): Promise<LiveClient> {
  const mode = era === 'modern' ? { pin: '2026-07-28' } : ('legacy' as const);
  const client = new ModernSdkClient({ name: 'test', version: '0' }, { versionNegotiation: { mode } });
  const seen = new SeenUpdates();
  client.setNotificationHandler('notifications/resources/updated', ({ params }) => seen.add(params.uri));
  await client.connect(transport);
  return {
    complete: async (params) => (await client.complete(params)).completion,
    async subscribe(uris) {
      if (era === 'modern') {
        const stream = await client.listen({ resourceSubscriptions: [...uris] });
        return () => stream.close();
      }
      for (const uri of uris) await client.subscribeResource({ uri });
      return async () => {
        for (const uri of uris) await client.unsubscribeResource({ uri });
      };
    },
    ...seen.shown(),
    close: () => client.close(),
  };
}

async function oldClient(transport: OldSdkTransport): Promise<LiveClient> {
  const client = new OldSdkClient({ name: 'test', version: '0' });
  const seen = new SeenUpdates();
  client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => seen.add(params.uri));
  await client.connect(transport);
  return {
    complete: async (params) => (await client.complete(params)).completion,
    async subscribe(uris) {
      for (const uri of uris) await client.subscribeResource({ uri });
      return async () => {
        for (const uri of uris) await client.unsubscribeResource({ uri });
      };
    },
    ...seen.shown(),
    close: () => client.close(),
  };
}

class SeenUpdates {
  readonly #seen: string[] = [];
  readonly #events = new TypedEvents<{ seen: [] }>();

  add(uri: string): void {
    this.#seen.push(uri);
    this.#events.emit('seen');
  }

  shown(): Pick<LiveClient, 'updates' | 'updated'> {
    return {
      updates: () => this.#seen,
      updated: async (uri, count) => {
        while (this.#seen.filter((each) => each === uri).length < count) {
          await new Promise<void>((resolve) => this.#events.once('seen', resolve));
        }
      },
    };
  }
}
