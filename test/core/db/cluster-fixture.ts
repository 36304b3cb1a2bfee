import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startEmbeddedPostgres } from '../../../src/core/db/embedded-postgres.ts';
import type { EmbeddedPostgres, EmbeddedPostgresOptions } from '../../../src/core/db/embedded-postgres.ts';
import { findEmbeddedBinaries } from '../../../src/core/db/postgres-binaries.ts';
import { postgresIdentity } from '../../../src/core/db/postgres-identity.ts';
import { createSilentLog } from '../../../src/core/log.ts';

/** A folder for one cluster, in a home that nobody else may enter, and the servers that a test started on it. */
export interface ClusterFixture {
  readonly folder: string;
  readonly dataPath: string;
  start(options?: Partial<EmbeddedPostgresOptions>): Promise<EmbeddedPostgres>;
  /** Stops what was started and removes the folder. */
  clear(): Promise<void>;
}

export function clusterFixture(): ClusterFixture {
  const home = mkdtempSync(join(tmpdir(), 'ld-pg-'));
  const folder = join(home, 'postgres');
  const started: EmbeddedPostgres[] = [];
  return {
    folder,
    dataPath: join(folder, 'data'),
    async start(options = {}) {
      const binaries = findEmbeddedBinaries(postgresIdentity());
      if (binaries === undefined) throw new Error('npm ci --include=optional brings the embedded Postgres');
      const server = await startEmbeddedPostgres({ dataDir: folder, binaries, log: createSilentLog(), ...options });
      started.push(server);
      return server;
    },
    async clear() {
      await Promise.all(started.map((server) => server.stop()));
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Asks again until it is so; the test's own time limit ends it otherwise. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await delay(20);
}
