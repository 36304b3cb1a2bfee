import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { createApp } from '../../src/app.ts';
import { catalog } from '../../src/catalog.ts';
import { loadConfig } from '../../src/core/config/index.ts';
import { openDataFolder } from '../../src/core/data-folder/index.ts';
import { createLog } from '../../src/core/log.ts';
import type { Services } from '../../src/services.ts';
import { SHOP } from './app-client.ts';
import { AUDIENCE, startIssuer } from './issuer-server.ts';
import type { IssuerServer } from './issuer-server.ts';
import { createProductDatabase } from './test-database.ts';

export interface ConnectOptions {
  readonly subject?: string;
  readonly scope?: string;
  readonly capabilities?: NonNullable<ConstructorParameters<typeof Client>[1]>['capabilities'];
}

/** The whole product with its HTTP surface, and an issuer whose tokens it takes. */
export interface SecuredApp {
  readonly url: string;
  readonly dataDir: string;
  readonly logFile: string;
  readonly localToken: string;
  readonly issuer: IssuerServer;
  readonly services: Services;
  /** A client of somebody whose token grants this scope; of this machine without one. Closed with the app. */
  connect(era: 'modern' | 'legacy', options?: ConnectOptions): Promise<Client>;
  close(): Promise<void>;
}

export async function openSecuredApp(
  options: { readonly workspace?: string; readonly manifest?: string } = {},
): Promise<SecuredApp> {
  const issuer = await startIssuer();
  const database = await createProductDatabase();
  const dataDir = mkdtempSync(join(tmpdir(), 'lightdom-secured-'));
  const logFile = join(dataDir, 'app.log');
  const loaded = loadConfig({
    flags: {
      dataDir,
      workspace: options.workspace ?? SHOP,
      database: { url: database.url },
      http: { port: 0, oauth: { issuer: issuer.issuer, audience: AUDIENCE } },
      // The mode of a test would presume that everything is agreed to.
      mcp: { approval: 'asked' },
      runs: { workers: 0 },
      ...(options.manifest === undefined ? {} : { services: { startup: { manifest: options.manifest } } }),
    },
  });
  const log = createLog({ level: 'debug', file: logFile });
  const app = createApp({ loaded, log, catalog, version: '0.0.0-test' });
  await app.orchestrator.start();
  const services = await app.services();
  const url = `${app.url() ?? ''}/mcp`;
  const localToken = openDataFolder(dataDir).readToken();
  const clients: Client[] = [];
  return {
    url,
    dataDir,
    logFile,
    localToken,
    issuer,
    services,
    async connect(era, { scope, subject = 'ada', capabilities = {} } = {}) {
      const token = scope === undefined ? localToken : await issuer.token({ subject, scope });
      const mode = era === 'modern' ? { pin: '2026-07-28' } : ('legacy' as const);
      const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode }, capabilities });
      const requestInit = { headers: { authorization: `Bearer ${token}` } };
      await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit }));
      clients.push(client);
      return client;
    },
    async close() {
      for (const client of clients) await client.close();
      await app.orchestrator.stop();
      await issuer.close();
      await database.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
