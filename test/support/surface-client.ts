import { PassThrough } from 'node:stream';
import {
  Client as ModernSdkClient,
  deserializeMessage,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client';
import type { Transport as ModernSdkTransport } from '@modelcontextprotocol/client';
import { Client as OldSdkClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as OldSdkHttpTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { deserializeMessage as oldDeserializeMessage } from '@modelcontextprotocol/sdk/shared/stdio.js';
import type { Transport as OldSdkTransport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { z } from 'zod';
import type { Log } from '../../src/core/log.ts';
import { createHttpServer } from '../../src/server/http/http-server.ts';
import type { HttpServer, HttpServerOptions } from '../../src/server/http/http-server.ts';
import { createLocalBackend } from '../../src/server/mcp/local-backend.ts';
import { createMcpServer } from '../../src/server/mcp/mcp-server.ts';
import { serveMcpStdio } from '../../src/server/mcp/serve-stdio.ts';
import { Subscriptions } from '../../src/server/mcp/subscriptions.ts';
import type { Catalog } from '../../src/surface/index.ts';
import { NO_SERVICES } from './test-catalog.ts';
import { StreamTransport } from './stream-transport.ts';
import { testSealer } from './test-sealer.ts';

export const TOKEN = 'token-of-the-tests-0123456789abcdef';

const answerSchema = z.object({
  content: z.array(z.looseObject({ type: z.string(), text: z.string().optional() })),
  structuredContent: z.unknown().optional(),
  isError: z.boolean().default(false),
});

export interface Progress {
  readonly progress: number;
  readonly total?: number | undefined;
  readonly message?: string | undefined;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly onprogress?: (progress: Progress) => void;
}

interface Listed {
  readonly name: string;
}

/** What both SDKs' clients can do, in one shape. */
export interface SurfaceClient {
  listTools(): Promise<readonly Listed[]>;
  callTool(name: string, args: Record<string, unknown>, options?: CallOptions): Promise<z.infer<typeof answerSchema>>;
  listResources(): Promise<readonly Listed[]>;
  listResourceTemplates(): Promise<readonly Listed[]>;
  readResource(uri: string): Promise<unknown>;
  listPrompts(): Promise<readonly Listed[]>;
  getPrompt(name: string, args: Record<string, string>): Promise<unknown>;
  close(): Promise<void>;
}

/** Tools that a test looks at through a client, and the log that the server writes meanwhile. */
export interface ServedSurface {
  readonly catalog: Catalog;
  readonly log: Log;
}

export type Connect = (served: ServedSurface) => Promise<SurfaceClient>;

/** The clients that have to get along with the server: transport × protocol era × SDK. */
export const CONNECTIONS: readonly { readonly title: string; readonly connect: Connect }[] = [
  {
    title: 'HTTP, 2026-07-28',
    connect: (served) => overHttp(served, (url) => modernSdk('modern', httpTransport(url))),
  },
  {
    title: 'HTTP, 2025-11-25',
    connect: (served) => overHttp(served, (url) => modernSdk('legacy', httpTransport(url))),
  },
  { title: 'HTTP, SDK v1', connect: (served) => overHttp(served, (url) => oldSdk(oldHttpTransport(url))) },
  { title: 'stdio, 2026-07-28', connect: (served) => overStdio(served, (pair) => modernSdk('modern', stdio(pair))) },
  { title: 'stdio, 2025-11-25', connect: (served) => overStdio(served, (pair) => modernSdk('legacy', stdio(pair))) },
  { title: 'stdio, SDK v1', connect: (served) => overStdio(served, (pair) => oldSdk(oldStdio(pair))) },
];

/** The HTTP surface over a catalog on a free port. */
export function serveHttp(served: ServedSurface, options: Partial<HttpServerOptions> = {}): Promise<HttpServer> {
  const { catalog, log } = served;
  return createHttpServer({
    config: { host: '127.0.0.1', port: 0 },
    token: TOKEN,
    catalog,
    backend: createLocalBackend({ sealer: testSealer, catalog, log, services: () => Promise.resolve(NO_SERVICES) }),
    log,
    version: '0.0.0-test',
    readiness: () => ({ ready: true, reason: 'running' }),
    ...options,
  });
}

async function overHttp(served: ServedSurface, open: (url: URL) => Promise<SurfaceClient>): Promise<SurfaceClient> {
  const server = await serveHttp(served);
  const client = await open(new URL(`${server.url}/mcp`));
  return closingToo(client, () => server.close());
}

interface StreamPair {
  readonly input: PassThrough;
  readonly output: PassThrough;
}

async function overStdio(
  { catalog, log }: ServedSurface,
  open: (pair: StreamPair) => Promise<SurfaceClient>,
): Promise<SurfaceClient> {
  const toServer = new PassThrough();
  const toClient = new PassThrough();
  const backend = createLocalBackend({
    sealer: testSealer,
    catalog,
    log,
    services: () => Promise.resolve(NO_SERVICES),
  });
  const connection = serveMcpStdio({
    build: () => createMcpServer({ catalog, backend, info: { name: 'lightdom', version: '0.0.0-test' }, log }),
    subscriptions: new Subscriptions(backend),
    onClose: () => toClient.end(),
    input: toServer,
    output: toClient,
  });
  const client = await open({ input: toClient, output: toServer });
  return closingToo(client, () => connection.close());
}

function closingToo(client: SurfaceClient, close: () => Promise<void>): SurfaceClient {
  return {
    ...client,
    async close() {
      await client.close();
      await close();
    },
  };
}

const AUTHORIZED = { requestInit: { headers: { authorization: `Bearer ${TOKEN}` } } };

export function httpTransport(url: URL): ModernSdkTransport {
  return new StreamableHTTPClientTransport(url, AUTHORIZED);
}

/** Relays by hand: the class's own type does not fit the SDK's interface under exact optional properties. */
export function oldHttpTransport(url: URL): OldSdkTransport {
  const inner = new OldSdkHttpTransport(url, AUTHORIZED);
  const relay: OldSdkTransport = {
    start: () => inner.start(),
    send: (message) => inner.send(message),
    close: () => inner.close(),
    setProtocolVersion: (version) => inner.setProtocolVersion(version),
  };
  inner.onmessage = (message) => relay.onmessage?.(message);
  inner.onerror = (error) => relay.onerror?.(error);
  inner.onclose = () => relay.onclose?.();
  return relay;
}

function stdio(pair: StreamPair): ModernSdkTransport {
  return new StreamTransport(pair, deserializeMessage);
}

function oldStdio(pair: StreamPair): OldSdkTransport {
  return new StreamTransport(pair, oldDeserializeMessage);
}

/** The client of SDK v2, in either era. */
export async function modernSdk(era: 'modern' | 'legacy', transport: ModernSdkTransport): Promise<SurfaceClient> {
  const mode = era === 'modern' ? { pin: '2026-07-28' } : ('legacy' as const);
  const client = new ModernSdkClient({ name: 'test', version: '0' }, { versionNegotiation: { mode } });
  await client.connect(transport);
  return {
    listTools: async () => (await client.listTools()).tools,
    callTool: async (name, args, options = {}) =>
      answerSchema.parse(await client.callTool({ name, arguments: args }, options)),
    listResources: async () => (await client.listResources()).resources,
    listResourceTemplates: async () => (await client.listResourceTemplates()).resourceTemplates,
    readResource: async (uri) => (await client.readResource({ uri })).contents,
    listPrompts: async () => (await client.listPrompts()).prompts,
    getPrompt: async (name, args) => (await client.getPrompt({ name, arguments: args })).messages,
    close: () => client.close(),
  };
}

/** The client of SDK v1, as most hosts still ship it. */
async function oldSdk(transport: OldSdkTransport): Promise<SurfaceClient> {
  const client = new OldSdkClient({ name: 'test', version: '0' });
  await client.connect(transport);
  return {
    listTools: async () => (await client.listTools()).tools,
    callTool: async (name, args, options = {}) =>
      answerSchema.parse(await client.callTool({ name, arguments: args }, undefined, options)),
    listResources: async () => (await client.listResources()).resources,
    listResourceTemplates: async () => (await client.listResourceTemplates()).resourceTemplates,
    readResource: async (uri) => (await client.readResource({ uri })).contents,
    listPrompts: async () => (await client.listPrompts()).prompts,
    getPrompt: async (name, args) => (await client.getPrompt({ name, arguments: args })).messages,
    close: () => client.close(),
  };
}
