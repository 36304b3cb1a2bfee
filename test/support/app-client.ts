import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, InMemoryTransport } from '@modelcontextprotocol/client';
import { z } from 'zod';
import { createApp } from '../../src/app.ts';
import { catalog } from '../../src/catalog.ts';
import { loadConfig } from '../../src/core/config/index.ts';
import type { ConfigInput } from '../../src/core/config/index.ts';
import { createLog } from '../../src/core/log.ts';
import type { Log } from '../../src/core/log.ts';
import { createMcpServer } from '../../src/server/server-runtime.ts';
import type { Services } from '../../src/services.ts';
import { answerText } from './unquoted-answer.ts';
import { createProductDatabase } from './test-database.ts';

/** A small shop in three files: what most tests index. */
export const SHOP = fileURLToPath(new URL('../fixtures/shop', import.meta.url));

/** What an agent gets from one call. */
export interface CallAnswer {
  readonly isError: boolean;
  readonly text: string;
  readonly structured: Record<string, unknown>;
}

/** The whole product in this process on its own database, seen through an MCP client. */
export interface AppClient {
  readonly client: Client;
  readonly services: Services;
  readonly databaseUrl: string;
  readonly dataDir: string;
  call(name: string, args?: Record<string, unknown>): Promise<CallAnswer>;
  /** Carries out the plan where the answer is one. */
  callAgreed(name: string, args: Record<string, unknown>): Promise<CallAnswer>;
  close(): Promise<void>;
}

export interface AppClientOptions {
  readonly workspace?: string;
  readonly isIndexed?: boolean;
  /** Whether edits are followed; true without it. */
  readonly isFollowed?: boolean;
  /** Path of a manifest of services. */
  readonly manifest?: string;
  /** Begins the stop of the process; without it the system alone is stopped. */
  readonly requestStop?: () => void;
  /** Further settings; they go before those of here. */
  readonly config?: ConfigInput;
  /** Where the product writes its log; nowhere without it. */
  readonly log?: Log;
}

export async function openAppClient(options: AppClientOptions = {}): Promise<AppClient> {
  const database = await createProductDatabase();
  const dataDir = mkdtempSync(join(tmpdir(), 'lightdom-app-'));
  const loaded = loadConfig({
    flags: {
      dataDir,
      workspace: options.workspace ?? SHOP,
      database: { url: database.url },
      http: { enabled: false },
      graph: { watch: options.isFollowed ?? true },
      // The mode of a test would presume that everything is agreed to.
      mcp: { approval: 'asked' },
      ...(options.manifest === undefined ? {} : { services: { startup: { manifest: options.manifest } } }),
      // Runs are executed in this process: there is nothing to wait for, and nothing left behind.
      runs: { workers: 0 },
      ...options.config,
    },
  });
  const log = options.log ?? createLog({ level: 'silent' });
  const stopping = options.requestStop === undefined ? {} : { requestStop: options.requestStop };
  const app = createApp({ loaded, log, catalog, version: '0.0.0-test', ...stopping });
  await app.orchestrator.start();
  const services = await app.services();
  if (options.isIndexed ?? true) {
    const run = await services.graph.startIndex({});
    await services.runs.waitFor(run.runId);
  }
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  const server = createMcpServer({ catalog, backend: app.backend, info: { name: 'lightdom', version: '0' }, log });
  await server.connect(serverSide);
  const client = new Client({ name: 'test', version: '0' });
  await client.connect(clientSide);
  return {
    client,
    services,
    databaseUrl: database.url,
    dataDir,
    call: (name, args = {}) => callTool(client, name, args),
    callAgreed: (name, args) => callAgreed(client, name, args),
    async close() {
      await client.close();
      await app.orchestrator.stop();
      await database.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function callAgreed(client: Client, name: string, args: Record<string, unknown>): Promise<CallAnswer> {
  const answer = await callTool(client, name, args);
  const { plan } = z.object({ plan: z.object({ planId: z.string() }).optional() }).parse(answer.structured);
  return plan === undefined ? answer : callTool(client, name, { ...args, planId: plan.planId });
}

async function callTool(client: Client, name: string, args: Record<string, unknown>): Promise<CallAnswer> {
  const answer = await client.callTool({ name, arguments: args });
  return {
    isError: answer.isError === true,
    text: answerText(answer),
    structured: z.record(z.string(), z.unknown()).catch({}).parse(answer.structuredContent),
  };
}
