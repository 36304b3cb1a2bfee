import { setTimeout as delay } from 'node:timers/promises';
import { childEnvironment } from '../config/index.ts';
import type { Log } from '../log.ts';
import { signalProcess } from '../process-signal.ts';
import { isProcessAlive, spawnDetached } from '../process/index.ts';
import { leftoversOf } from './leftover-sessions.ts';
import { binary } from './postgres-binaries.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import type { PostgresCluster } from './postgres-cluster.ts';
import { isPostmaster } from './postmaster-file.ts';

/** relaxed: a power cut may lose the last commits, never their order. */
export type Durability = 'full' | 'relaxed';

/** A postmaster that this process started. */
export interface PostmasterChild {
  readonly pid: number;
  /** How it ended, once it did; also when it never began. */
  ended(): string | undefined;
}

const POLL_INTERVAL_MS = 20;
/** Fast shutdown, immediate shutdown, the end: each with the time it is given. */
const STOP_LADDER = [
  ['SIGINT', 20_000],
  ['SIGQUIT', 5_000],
  ['SIGKILL', 5_000],
] as const;
/** Immediate shutdown of one session, the end. */
const LEFTOVER_LADDER = [
  ['SIGQUIT', 2_000],
  ['SIGKILL', 5_000],
] as const;
/** From giving its memory back, when it is no postmaster any more, to having closed its files and its port. */
const LAST_BREATH_MS = 1_000;

export function spawnPostmaster(options: {
  readonly cluster: PostgresCluster;
  readonly binaries: PostgresBinaries;
  readonly port: number;
  readonly durability: Durability;
}): PostmasterChild {
  const { dataPath, folder, logFile, identity } = options.cluster;
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(options.port),
    unix_socket_directories: '',
    max_connections: '200',
    max_wal_size: '4GB',
    // No replica reads this server's log, so COPY into a new table may skip it.
    wal_level: 'minimal',
    max_wal_senders: '0',
    synchronous_commit: options.durability === 'relaxed' ? 'off' : 'on',
    logging_collector: 'off',
  };
  const args = ['-D', dataPath, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const file = binary(options.binaries, 'postgres');
  const child = spawnDetached(file, args, { cwd: folder, env: childEnvironment(), logFile, identity });
  let ended: string | undefined;
  void child.exited.then((how) => (ended = how));
  return { pid: child.pid ?? 0, ended: () => ended };
}

/** Stops the postmaster of this data folder, ever less gently; another process with its pid is left alone. */
export async function endPostmaster(pid: number, dataPath: string, log: Log): Promise<void> {
  if (pid <= 0) return;
  for (const [signal, graceMs] of STOP_LADDER) {
    if (!isPostmaster(pid, dataPath)) break;
    signalProcess(pid, signal);
    await waitWhile(() => isPostmaster(pid, dataPath), graceMs);
    if (isPostmaster(pid, dataPath)) log.warn({ pid, signal, graceMs }, 'the embedded database is slow to stop');
  }
  await waitWhile(() => isProcessAlive(pid), LAST_BREATH_MS);
}

/**
 * Ends the sessions that a killed postmaster left. Most end by themselves at once; one that computes notices nothing for
 * as long as it computes, and no other server can start on the folder until then.
 */
export async function endLeftovers(dataPath: string, log: Log): Promise<void> {
  for (const [signal, graceMs] of LEFTOVER_LADDER) {
    const pids = leftoversOf(dataPath);
    if (pids.length === 0) return;
    log.debug({ pids, signal }, 'ending what a killed database left');
    for (const pid of pids) signalProcess(pid, signal);
    await waitWhile(() => pids.some((pid) => isProcessAlive(pid)), graceMs);
  }
}

async function waitWhile(isSo: () => boolean, atMostMs: number): Promise<void> {
  for (const end = Date.now() + atMostMs; Date.now() < end && isSo();) await delay(POLL_INTERVAL_MS);
}
