import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { loadConfig } from '../../src/core/config/index.ts';
import type { LoadConfigOptions, LoadedConfig } from '../../src/core/config/index.ts';
import { createSilentLog } from '../../src/core/log.ts';
import type { SecretServiceDeps } from '../../src/secrets/secret-service.ts';
import { SecretService } from '../../src/secrets/secret-service.ts';
import { createLocalBackend } from '../../src/server/mcp/local-backend.ts';
import type { Services } from '../../src/services.ts';
import type { Catalog } from '../../src/surface/index.ts';
import { secretRequest } from '../../tools/operations/secret-request.ts';
import { rawRequest } from './raw-request.ts';
import type { RawAnswer } from './raw-request.ts';
import { serveHttp } from './surface-client.ts';
import { testSealer } from './test-sealer.ts';

const CATALOG: Catalog = {
  toolsets: [
    {
      toolset: { id: 'operations', title: 'O', description: 'O.', isDefault: true, scope: 'lightdom:admin' },
      tools: [secretRequest],
    },
  ],
  resources: [],
  prompts: [],
};

/** The part of the product that asks for secrets, over HTTP on a data folder of its own. */
export interface SecretDeskServer {
  readonly url: string;
  readonly dataDir: string;
  readonly secrets: SecretService;
  /** The configuration of a start from now on. */
  reload(): LoadedConfig;
  close(): Promise<void>;
}

export async function openSecretDesk(
  options: Partial<SecretServiceDeps> & { readonly env?: LoadConfigOptions['env'] } = {},
): Promise<SecretDeskServer> {
  const { env = {}, ...deps } = options;
  const dataDir = mkdtempSync(join(tmpdir(), 'lightdom-desk-'));
  const reload = (): LoadedConfig => loadConfig({ flags: { dataDir }, env });
  const log = createSilentLog();
  let url: string | undefined;
  const secrets = new SecretService({ loaded: reload(), log, baseUrl: () => url, ...deps });
  const services = z.custom<Services>().parse({ secrets });
  const backend = createLocalBackend({
    sealer: testSealer,
    catalog: CATALOG,
    log,
    services: () => Promise.resolve(services),
  });
  const server = await serveHttp({ catalog: CATALOG, log }, { backend, secrets });
  ({ url } = server);
  return {
    url,
    dataDir,
    secrets,
    reload,
    async close() {
      await server.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** What a browser sends when the form of the page is submitted; `headers` replace its own. */
export function submitForm(url: string, value: string, headers: Record<string, string> = {}): Promise<RawAnswer> {
  const own = { origin: new URL(url).origin, 'content-type': 'application/x-www-form-urlencoded' };
  const body = new URLSearchParams({ value }).toString();
  return rawRequest(url, { method: 'POST', headers: { ...own, ...headers }, body });
}
