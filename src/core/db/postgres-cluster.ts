import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { statSync, truncateSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { childEnvironment } from '../config/index.ts';
import { AppError } from '../errors.ts';
import { newSecret } from '../ids.ts';
import type { Log } from '../log.ts';
import { runProcess } from '../process/index.ts';
import { binary } from './postgres-binaries.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { isReachable, postgresIdentity } from './postgres-identity.ts';
import type { Identity } from './postgres-identity.ts';

/** The files of one embedded server. */
export interface PostgresCluster {
  /** Ours: password, log. */
  readonly folder: string;
  /** Postgres' own data folder inside it. */
  readonly dataPath: string;
  readonly logFile: string;
  readonly password: string;
  readonly identity: Identity | undefined;
}

export const SUPERUSER = 'lightdom';

/** Clusters of root whose own data folder the account of Postgres can't reach: /root is closed to it. */
const SHARED_ROOT = '/var/lib/lightdom';
const DRAFT_PREFIX = 'draft-';
const MAX_LOG_BYTES = 10 * 1024 * 1024;

/** Opens the cluster in `folder`, making it at the first time; a crash half way leaves nothing that counts. */
export async function openCluster(folder: string, binaries: PostgresBinaries, log: Log): Promise<PostgresCluster> {
  const identity = postgresIdentity();
  const place = placeFor(folder, identity);
  const dataPath = join(place, 'data');
  const logFile = join(place, 'postgres.log');
  if (existsSync(logFile) && statSync(logFile).size > MAX_LOG_BYTES) truncateSync(logFile);
  const cluster = { folder: place, dataPath, logFile, password: readPassword(join(place, 'password')), identity };
  if (!existsSync(join(dataPath, 'PG_VERSION'))) {
    removeDrafts(place);
    await createCluster(cluster, binaries, log);
  }
  await requireSameMajor(cluster, binaries);
  return cluster;
}

/** `folder` itself where Postgres can get into it, else one of our own under /var/lib, named after it. */
function placeFor(folder: string, identity: Identity | undefined): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (identity === undefined) return folder;
  if (!isReachable(dirname(dirname(folder)), identity)) {
    const name = createHash('sha256').update(folder).digest('hex').slice(0, 16);
    return openToPassage(join(SHARED_ROOT, name));
  }
  openToPassage(dirname(folder));
  return openToPassage(folder);
}

/** Others may pass through, and see nothing. */
function openToPassage(folder: string): string {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o711);
  return folder;
}

function readPassword(file: string): string {
  if (!existsSync(file)) writeFileSync(file, newSecret(), { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}

/** What first starts left that were killed half way. */
function removeDrafts(place: string): void {
  for (const name of readdirSync(place)) {
    if (name.startsWith(DRAFT_PREFIX)) rmSync(join(place, name), { recursive: true, force: true });
  }
}

async function createCluster(cluster: PostgresCluster, binaries: PostgresBinaries, log: Log): Promise<void> {
  log.info({ folder: cluster.folder }, 'creating the database cluster');
  const draft = mkdtempSync(join(cluster.folder, DRAFT_PREFIX));
  const passwordFile = join(draft, 'password');
  try {
    writeFileSync(passwordFile, cluster.password, { mode: 0o600 });
    mkdirSync(join(draft, 'data'), { mode: 0o700 });
    if (cluster.identity !== undefined) {
      const { uid, gid } = cluster.identity;
      for (const path of [draft, passwordFile, join(draft, 'data')]) chownSync(path, uid, gid);
    }
    const settings = [`--username=${SUPERUSER}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
    const locale = ['--locale=C', '--encoding=UTF8', '--no-instructions'];
    await runProcess(binary(binaries, 'initdb'), [`--pgdata=${join(draft, 'data')}`, ...settings, ...locale], {
      cwd: draft,
      env: childEnvironment(),
      identity: cluster.identity,
    });
    renameSync(join(draft, 'data'), cluster.dataPath);
  } catch (error) {
    // Another process was faster: its cluster is as good.
    if (!existsSync(join(cluster.dataPath, 'PG_VERSION'))) throw error;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

async function requireSameMajor(cluster: PostgresCluster, binaries: PostgresBinaries): Promise<void> {
  const has = readFileSync(join(cluster.dataPath, 'PG_VERSION'), 'utf8').trim();
  const { stdout } = await runProcess(binary(binaries, 'postgres'), ['--version'], { env: childEnvironment() });
  const runs = /(\d+)(?:\.\d+|beta\d+|devel)?\s*(?:\(|$)/.exec(stdout.trim())?.[1] ?? stdout.trim();
  if (runs === has) return;
  throw new AppError(
    'conflict',
    `The cluster in ${cluster.dataPath} is of Postgres ${has}; the binaries here are ${runs}.`,
    {
      hint: `Point DATABASE_URL at a Postgres ${has} with that data, or choose another --data-dir.`,
    },
  );
}
