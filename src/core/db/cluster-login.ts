import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { z } from 'zod';
import { AppError } from '../errors.ts';
import { reasonOf } from './database-error.ts';
import { SUPERUSER } from './postgres-cluster.ts';
import type { PostgresCluster } from './postgres-cluster.ts';
import type { Durability } from './postmaster-process.ts';

const CONNECT_TIMEOUT_MS = 10_000;

const serverRow = z.object({ path: z.string(), commit: z.string() });

/** What is needed to log in to the server of a cluster. */
export type ClusterLogin = Pick<PostgresCluster, 'folder' | 'dataPath' | 'password'>;

/** Ours in a cluster of ours. */
export const DATABASE_NAME = 'lightdom';

/** Of the database `postgres` unless another is named, with the password. */
export function clusterUrl({ password }: ClusterLogin, port: number, database = 'postgres'): string {
  return `postgresql://${SUPERUSER}:${password}@127.0.0.1:${port}/${database}`;
}

/**
 * Logs in once and asks the server for its folder and how durable it is: a lock file can be stale, its port another
 * server's, the password file replaced. Throws `conflict` when who answers there is not the server of this cluster.
 */
export async function requireOwnServer(cluster: ClusterLogin, port: number): Promise<Durability> {
  const { path, commit } = await serverAt(clusterUrl(cluster, port)).catch((error: unknown) => {
    throw notOurs(cluster, port, reasonOf(error));
  });
  if (realpathSync(path) !== cluster.dataPath) throw notOurs(cluster, port, `it serves ${path}`);
  return commit === 'off' ? 'relaxed' : 'full';
}

async function serverAt(url: string): Promise<z.infer<typeof serverRow>> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<Record<string, unknown>>(
      `select current_setting('data_directory') as path, current_setting('synchronous_commit') as commit`,
    );
    return serverRow.parse(rows[0]);
  } finally {
    await client.end().catch(() => {});
  }
}

function notOurs({ dataPath, folder }: ClusterLogin, port: number, reason: string): AppError {
  return new AppError('conflict', `The server on port ${port} is not the one of ${dataPath}: ${reason}.`, {
    hint: `Restore the file \`password\` in ${folder}; if no Postgres runs on that folder, remove ${join(dataPath, 'postmaster.pid')}.`,
  });
}
