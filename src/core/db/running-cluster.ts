import { join } from 'node:path';
import { clusterUrl, DATABASE_NAME, requireOwnServer } from './cluster-login.ts';
import { DATA_NAME, findCluster } from './cluster-place.ts';
import { readPassword } from './postgres-cluster.ts';
import { findPostmaster } from './postmaster-file.ts';

/**
 * The URL of our database on the server that runs already on the cluster of `dataDir`, for whomever; undefined when none
 * does, or none that takes connections yet. Starts and makes nothing, not even the database. Throws `conflict` when the
 * password is gone, or when another server answers in its place.
 */
export async function findRunningCluster(dataDir: string): Promise<string | undefined> {
  const folder = findCluster(dataDir);
  if (folder === undefined) return undefined;
  const dataPath = join(folder, DATA_NAME);
  const postmaster = findPostmaster(dataPath);
  if (postmaster?.isReady !== true) return undefined;
  const cluster = { folder, dataPath, password: readPassword(folder, false) };
  await requireOwnServer(cluster, postmaster.port);
  return clusterUrl(cluster, postmaster.port, DATABASE_NAME);
}
