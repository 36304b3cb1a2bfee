import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { MasterSystemOrchestrator } from '../../src/index.ts';
import type { ConfigInput } from '../../src/index.ts';
import { SHOP } from './app-client.ts';
import { createProductDatabase } from './test-database.ts';
import type { TestDatabase } from './test-database.ts';

/** Where masters of a test live: a database and a data folder of their own. */
export interface MasterPlace {
  readonly database: TestDatabase;
  readonly dataDir: string;
  /** A master here, as a program makes one; what a test configures goes before what this machine needs. */
  create(config?: ConfigInput): MasterSystemOrchestrator;
  token(): string;
  /** Stops every master that was made, and leaves nothing. */
  close(): Promise<void>;
}

export async function openMasterPlace(): Promise<MasterPlace> {
  const database = await createProductDatabase();
  const dataDir = mkdtempSync(join(tmpdir(), 'lightdom-guide-'));
  const made: MasterSystemOrchestrator[] = [];
  return {
    database,
    dataDir,
    create(config = {}) {
      const master = new MasterSystemOrchestrator({
        dataDir,
        workspace: SHOP,
        database: { url: database.url },
        http: { port: 0 },
        log: { level: 'silent' },
        ...config,
      });
      made.push(master);
      return master;
    },
    token: () => readFileSync(join(dataDir, 'token'), 'utf8').trim(),
    async close() {
      for (const master of made) await master.stop();
      await database.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** The same database as host, port, name, user and password. */
export function databaseParts({ url }: TestDatabase) {
  const { hostname, port, pathname, username, password } = new URL(url);
  return {
    host: hostname,
    port: Number(port),
    database: pathname.slice(1),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
  };
}

/** A port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.number() }).parse(server.address());
  server.close();
  await once(server, 'close');
  return port;
}

const detailsSchema = z.object({
  services: z.record(z.string(), z.object({ state: z.string(), about: z.string(), reason: z.string() })),
});

/** What the status says of the services, by name. */
export function servicesOf(master: MasterSystemOrchestrator) {
  return detailsSchema.parse(master.getStatus().orchestrators['startup']?.details).services;
}

/** Resolves when the index that the start began has ended, with how. */
export async function indexEnd(master: MasterSystemOrchestrator): Promise<string> {
  const { runs } = await master.services();
  const { runId } = z.object({ runId: z.string() }).parse(master.getStatus().orchestrators['indexing']?.details);
  return (await runs.waitFor(runId)).status;
}
