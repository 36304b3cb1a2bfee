import { setTimeout as delay } from 'node:timers/promises';
import { childEnvironment } from '../config/index.ts';
import { AppError, messageOf } from '../errors.ts';
import type { Log } from '../log.ts';
import { isProcessAlive, signalProcess, spawnDetached } from '../process/index.ts';
import { freePort } from './free-port.ts';
import { lastLines } from './last-lines.ts';
import { binary } from './postgres-binaries.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { openCluster, SUPERUSER } from './postgres-cluster.ts';
import type { PostgresCluster } from './postgres-cluster.ts';
import { findPostmaster } from './postmaster-file.ts';
import type { Postmaster } from './postmaster-file.ts';

export interface EmbeddedPostgresOptions {
  /** Folder of the cluster; made when missing. */
  readonly dataDir: string;
  readonly binaries: PostgresBinaries;
  readonly log: Log;
  /** relaxed: a power cut may lose the last commits, never their order. */
  readonly durability?: 'full' | 'relaxed';
}

export interface EmbeddedPostgres {
  /** Of the database `postgres`, with the password. */
  readonly url: string;
  readonly port: number;
  /** Of the postmaster; another one after it died and came up again. */
  readonly pid: number;
  /** True when the server was already running, left by a process that was killed. */
  readonly isAdopted: boolean;
  /** Fast shutdown: open transactions are rolled back, everything committed is on disk. */
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 60_000;
const POLL_INTERVAL_MS = 20;
const WATCH_INTERVAL_MS = 500;
const FIRST_RESTART_DELAY_MS = 100;
const MAX_RESTART_DELAY_MS = 5_000;
/** Fast shutdown, immediate shutdown, the end: each with the time it is given. */
const STOP_LADDER = [
  ['SIGINT', 20_000],
  ['SIGQUIT', 5_000],
  ['SIGKILL', 5_000],
] as const;

/**
 * Runs the Postgres of one data folder: adopts the server that a killed process left, else starts one; starts it again
 * on the same port when it dies.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const cluster = await openCluster(options.dataDir, options.binaries, options.log);
  const supervisor = new Supervisor(cluster, options);
  await supervisor.begin();
  return supervisor;
}

class Supervisor implements EmbeddedPostgres {
  readonly #cluster: PostgresCluster;
  readonly #options: EmbeddedPostgresOptions;
  readonly #stopping = new AbortController();
  #postmaster: Postmaster = { pid: 0, port: 0, isReady: false };
  #spawnedPid = 0;
  #isAdopted = false;
  #watch: Promise<void> = Promise.resolve();
  #stopped: Promise<void> | undefined;

  constructor(cluster: PostgresCluster, options: EmbeddedPostgresOptions) {
    this.#cluster = cluster;
    this.#options = options;
  }

  get url(): string {
    return `postgresql://${SUPERUSER}:${this.#cluster.password}@127.0.0.1:${this.#postmaster.port}/postgres`;
  }

  get port(): number {
    return this.#postmaster.port;
  }

  get isAdopted(): boolean {
    return this.#isAdopted;
  }

  get pid(): number {
    return this.#postmaster.pid;
  }

  async begin(): Promise<void> {
    this.#isAdopted = findPostmaster(this.#cluster.dataPath) !== undefined;
    this.#postmaster = await this.#bringUp(await freePort());
    const { pid, port } = this.#postmaster;
    this.#options.log.info({ pid, port, adopted: this.#isAdopted }, 'the embedded database is up');
    this.#watch = this.#keepUp();
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#bringDown();
    return this.#stopped;
  }

  async #bringDown(): Promise<void> {
    this.#stopping.abort();
    await this.#watch;
    // A server that was just being started again may not have been seen to answer yet.
    const pids = [this.#postmaster.pid, this.#spawnedPid].filter((pid) => pid > 0 && isProcessAlive(pid));
    await Promise.all([...new Set(pids)].map((pid) => this.#end(pid)));
  }

  async #end(pid: number): Promise<void> {
    for (const [signal, graceMs] of STOP_LADDER) {
      signalProcess(pid, signal);
      if (await isGoneWithin(pid, graceMs)) return;
      this.#options.log.warn({ pid, signal, graceMs }, 'the embedded database is slow to stop');
    }
  }

  /** One server answers for the data folder when this returns: the one that was there, or a new one on `port`. */
  async #bringUp(port: number): Promise<Postmaster> {
    const deadline = Date.now() + START_TIMEOUT_MS;
    let ended: string | undefined;
    if (findPostmaster(this.#cluster.dataPath) === undefined) {
      void this.#spawn(port).then((how) => (ended = how));
    }
    while (Date.now() < deadline && !this.#stopping.signal.aborted) {
      const found = findPostmaster(this.#cluster.dataPath);
      if (found?.isReady === true) return found;
      if (ended !== undefined && found === undefined) throw this.#startFailed(ended);
      await delay(POLL_INTERVAL_MS);
    }
    throw this.#startFailed(`did not answer within ${START_TIMEOUT_MS / 1000} s`);
  }

  #spawn(port: number): Promise<string> {
    const { dataPath, folder, logFile, identity } = this.#cluster;
    const settings = {
      listen_addresses: '127.0.0.1',
      port: String(port),
      unix_socket_directories: '',
      max_connections: '200',
      max_wal_size: '4GB',
      // No replica reads this server's log, so COPY into a new table may skip it.
      wal_level: 'minimal',
      max_wal_senders: '0',
      synchronous_commit: this.#options.durability === 'relaxed' ? 'off' : 'on',
      logging_collector: 'off',
    };
    const args = ['-D', dataPath, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
    const file = binary(this.#options.binaries, 'postgres');
    const child = spawnDetached(file, args, { cwd: folder, env: childEnvironment(), logFile, identity });
    this.#spawnedPid = child.pid ?? 0;
    return child.exited;
  }

  /** Until stopped: when the server dies it is started again on its port, later and later while that fails. */
  async #keepUp(): Promise<void> {
    const { signal } = this.#stopping;
    let delayMs = FIRST_RESTART_DELAY_MS;
    while (!signal.aborted) {
      await delay(WATCH_INTERVAL_MS, undefined, { signal, ref: false }).catch(() => {});
      if (signal.aborted || isProcessAlive(this.#postmaster.pid)) continue;
      this.#options.log.warn({ pid: this.#postmaster.pid }, 'the embedded database died and is started again');
      try {
        this.#postmaster = await this.#bringUp(this.#postmaster.port);
        delayMs = FIRST_RESTART_DELAY_MS;
      } catch (error) {
        this.#options.log.error({ reason: messageOf(error), delayMs }, 'the embedded database could not be started');
        await delay(delayMs, undefined, { signal, ref: false }).catch(() => {});
        delayMs = Math.min(MAX_RESTART_DELAY_MS, delayMs * 2);
      }
    }
  }

  #startFailed(how: string): AppError {
    const { logFile, dataPath } = this.#cluster;
    return new AppError('upstream_failed', `Postgres on ${dataPath} ${how}: ${lastLines(logFile)}`, {
      hint: `Its log is ${logFile}.`,
    });
  }
}

async function isGoneWithin(pid: number, graceMs: number): Promise<boolean> {
  for (const end = Date.now() + graceMs; Date.now() < end;) {
    if (!isProcessAlive(pid)) return true;
    await delay(POLL_INTERVAL_MS);
  }
  return !isProcessAlive(pid);
}
