import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { AppError } from '../errors.ts';
import { reasonOf } from './database-error.ts';
import { SUPERUSER } from './postgres-cluster.ts';
import type { PostgresCluster } from './postgres-cluster.ts';

const CONNECT_TIMEOUT_MS = 10_000;

/** Of the database `postgres`, with the password. */
export function clusterUrl(cluster: PostgresCluster, port: number): string {
  return `postgresql://${SUPERUSER}:${cluster.password}@127.0.0.1:${port}/postgres`;
}

/**
 * Logs in once and asks the server for its folder: a lock file can be stale, its port another server's, the password
 * file replaced. Throws `conflict` when whoever answers there is not the server of this cluster.
 */
export async function requireOwnServer(cluster: PostgresCluster, port: number): Promise<void> {
  const path = await dataFolderAt(clusterUrl(cluster, port)).catch((error: unknown) => {
    throw notOurs(cluster, port, reasonOf(error));
  });
  if (realpathSync(path) !== cluster.dataPath) throw notOurs(cluster, port, `it serves ${path}`);
}

async function dataFolderAt(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<[unknown]>({ text: 'show data_directory', rowMode: 'array' });
    return String(rows[0]?.[0]);
  } finally {
    await client.end().catch(() => {});
  }
}

function notOurs({ dataPath, folder }: PostgresCluster, port: number, reason: string): AppError {
  return new AppError('conflict', `The server on port ${port} is not the one of ${dataPath}: ${reason}.`, {
    hint: `Restore the file \`password\` in ${folder}; if no Postgres runs on that folder, remove ${join(dataPath, 'postmaster.pid')}.`,
  });
}
