import { chownSync, existsSync, linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { renameSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { childEnvironment } from '../config/index.ts';
import { AppError, systemCodeOf } from '../errors.ts';
import { newId, newSecret } from '../ids.ts';
import type { Log } from '../log.ts';
import { isProcessAlive, runProcess } from '../process/index.ts';
import { DATA_NAME, placeOfCluster } from './cluster-place.ts';
import { binary } from './postgres-binaries.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import type { Identity } from './postgres-identity.ts';

/** The files of one embedded server. */
export interface PostgresCluster {
  /** Ours: password, port, log. */
  readonly folder: string;
  /** Postgres' own data folder inside it. */
  readonly dataPath: string;
  readonly logFile: string;
  readonly password: string;
  readonly identity: Identity | undefined;
}

export const SUPERUSER = 'lightdom';

/** Followed by the pid of the process at work in it. */
const DRAFT_PREFIX = 'draft-';
const PORT_NAME = 'port';
const MAX_LOG_BYTES = 10 * 1024 * 1024;
/** A second or so where disks are fast; it writes some 50 MB and syncs them. */
const INITDB_TIMEOUT_MS = 300_000;

/** Opens the cluster in `folder`, making it at the first time; a crash half way leaves nothing that counts. */
export async function openCluster(folder: string, binaries: PostgresBinaries, log: Log): Promise<PostgresCluster> {
  const place = placeOfCluster(folder, log);
  const dataPath = join(place.folder, DATA_NAME);
  const logFile = join(place.folder, 'postgres.log');
  if (existsSync(logFile) && statSync(logFile).size > MAX_LOG_BYTES) truncateSync(logFile);
  const isNew = !existsSync(join(dataPath, 'PG_VERSION'));
  const cluster = { ...place, dataPath, logFile, password: readPassword(place.folder, isNew) };
  removeDrafts(place.folder);
  if (isNew) await createCluster(cluster, binaries, log);
  await requireSameMajor(cluster, binaries);
  return cluster;
}

/** The port of the last start, so that addresses noted elsewhere stay right; 0 when there was none. */
export function readPort({ folder }: PostgresCluster): number {
  try {
    const port = Number(readFileSync(join(folder, PORT_NAME), 'utf8'));
    return Number.isInteger(port) && port > 0 && port < 65_536 ? port : 0;
  } catch {
    return 0;
  }
}

export function rememberPort(cluster: PostgresCluster, port: number): void {
  if (readPort(cluster) !== port) writeFileSync(join(cluster.folder, PORT_NAME), String(port));
}

/** Written aside and linked into place: of several first starts all end with the same password, and never with half. */
export function readPassword(folder: string, isNew: boolean): string {
  const file = join(folder, 'password');
  if (isNew && !existsSync(file)) {
    const draft = `${file}.${newId()}`;
    writeFileSync(draft, newSecret(), { mode: 0o600, flush: true });
    try {
      linkSync(draft, file);
    } catch (error) {
      if (systemCodeOf(error) !== 'EEXIST') throw error;
    } finally {
      rmSync(draft);
    }
  }
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  throw new AppError('conflict', `The password of the cluster in ${folder} is gone: ${file} does not exist.`, {
    hint: 'Restore that file, or move the folder away to begin with an empty database.',
  });
}

/**
 * What first starts left that were killed half way; not the draft that another process is writing now. Its pid alone
 * does not tell: in a container the next start has the same.
 */
function removeDrafts(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(DRAFT_PREFIX)) continue;
    const pid = Number.parseInt(name.slice(DRAFT_PREFIX.length), 10);
    const path = join(folder, name);
    const ageMs = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    if (pid > 0 && isProcessAlive(pid) && ageMs < INITDB_TIMEOUT_MS) continue;
    rmSync(path, { recursive: true, force: true });
  }
}

async function createCluster(cluster: PostgresCluster, binaries: PostgresBinaries, log: Log): Promise<void> {
  log.info({ folder: cluster.folder }, 'creating the database cluster');
  const draft = mkdtempSync(join(cluster.folder, `${DRAFT_PREFIX}${process.pid}-`));
  const passwordFile = join(draft, 'password');
  try {
    writeFileSync(passwordFile, cluster.password, { mode: 0o600 });
    mkdirSync(join(draft, DATA_NAME), { mode: 0o700 });
    if (cluster.identity !== undefined) {
      const { uid, gid } = cluster.identity;
      for (const path of [draft, passwordFile, join(draft, DATA_NAME)]) chownSync(path, uid, gid);
    }
    const settings = [`--username=${SUPERUSER}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
    const locale = ['--locale=C', '--encoding=UTF8', '--no-instructions'];
    await runProcess(binary(binaries, 'initdb'), [`--pgdata=${join(draft, DATA_NAME)}`, ...settings, ...locale], {
      cwd: draft,
      env: childEnvironment(),
      identity: cluster.identity,
      timeoutMs: INITDB_TIMEOUT_MS,
    });
    renameSync(join(draft, DATA_NAME), cluster.dataPath);
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
