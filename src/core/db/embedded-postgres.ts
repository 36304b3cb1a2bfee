import { setTimeout as delay } from 'node:timers/promises';
import { AppError, messageOf } from '../errors.ts';
import type { Log } from '../log.ts';
import { isProcessAlive } from '../process/index.ts';
import { clusterUrl, requireOwnServer } from './cluster-login.ts';
import { freePort } from './free-port.ts';
import { lastLines } from './last-lines.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { openCluster, readPort, rememberPort } from './postgres-cluster.ts';
import type { PostgresCluster } from './postgres-cluster.ts';
import { clearStaleLock, findPostmaster, isPostmaster } from './postmaster-file.ts';
import type { Postmaster } from './postmaster-file.ts';
import { endLeftovers, endPostmaster, spawnPostmaster } from './postmaster-process.ts';
import type { Durability, PostmasterChild } from './postmaster-process.ts';

export interface EmbeddedPostgresOptions {
  /** Folder of the cluster; made when missing. */
  readonly dataDir: string;
  readonly binaries: PostgresBinaries;
  readonly log: Log;
  readonly durability?: Durability;
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

/** After a crash up to `max_wal_size` of log is replayed before the server answers, on slow disks at 20 MB/s. */
const START_TIMEOUT_MS = 300_000;
const POLL_INTERVAL_MS = 20;
const WATCH_INTERVAL_MS = 500;
/** A port lost to another program, another start at the same moment, the last backends of a killed server. */
const MAX_ATTEMPTS = 4;
const FIRST_RESTART_DELAY_MS = 100;
const MAX_RESTART_DELAY_MS = 5_000;

/**
 * Runs the Postgres of one data folder: adopts the server that a killed process left, else starts one; starts it again
 * on the same port when it dies. Throws `upstream_failed` with the end of its log when it does not come up.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const cluster = await openCluster(options.dataDir, options.binaries, options.log);
  const supervisor = new Supervisor(cluster, options);
  try {
    await supervisor.begin();
    return supervisor;
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
}

class Supervisor implements EmbeddedPostgres {
  readonly #cluster: PostgresCluster;
  readonly #options: EmbeddedPostgresOptions;
  readonly #stopping = new AbortController();
  #postmaster: Postmaster = { pid: 0, port: 0, isReady: false };
  #child: PostmasterChild | undefined;
  #isAdopted = false;
  #watch: Promise<void> = Promise.resolve();
  #stopped: Promise<void> | undefined;

  constructor(cluster: PostgresCluster, options: EmbeddedPostgresOptions) {
    this.#cluster = cluster;
    this.#options = options;
  }

  get url(): string {
    return clusterUrl(this.#cluster, this.#postmaster.port);
  }

  get port(): number {
    return this.#postmaster.port;
  }

  get pid(): number {
    return this.#postmaster.pid;
  }

  get isAdopted(): boolean {
    return this.#isAdopted;
  }

  async begin(): Promise<void> {
    let preferred = readPort(this.#cluster);
    const postmaster = await this.#bringUpAsAsked(async () => {
      const port = await freePort(preferred);
      preferred = 0;
      return port;
    });
    const { pid, port } = postmaster;
    rememberPort(this.#cluster, port);
    this.#postmaster = postmaster;
    this.#isAdopted = pid !== this.#child?.pid;
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
    const pids = new Set([this.#postmaster.pid, this.#child?.pid ?? 0]);
    const { log } = this.#options;
    await Promise.all([...pids].map((pid) => endPostmaster(pid, this.#cluster.dataPath, log)));
    await endLeftovers(this.#cluster.dataPath, log);
    // Once it is reaped nothing of it is left; its exit alone would not keep this process waiting.
    while (this.#isChildRunning() && !isProcessAlive(this.#child?.pid ?? 0)) await delay(POLL_INTERVAL_MS);
  }

  /** A server that was left by a start with another durability makes room for one with ours. */
  async #bringUpAsAsked(nextPort: () => Promise<number>): Promise<Postmaster> {
    const { durability = 'full', log } = this.#options;
    const found = await this.#bringUp(nextPort);
    const has = await requireOwnServer(this.#cluster, found.port);
    if (has === durability || found.pid === this.#child?.pid) return found;
    log.info({ pid: found.pid, has, durability }, 'the embedded database is started again to be as durable as asked');
    await endPostmaster(found.pid, this.#cluster.dataPath, log);
    const started = await this.#bringUp(nextPort);
    await requireOwnServer(this.#cluster, started.port);
    return started;
  }

  /** One server answers for the data folder when this returns: the one that was there, or a new one. */
  async #bringUp(nextPort: () => Promise<number>): Promise<Postmaster> {
    const { cluster, signal } = { cluster: this.#cluster, signal: this.#stopping.signal };
    const { binaries, log, durability = 'full' } = this.#options;
    const deadline = Date.now() + START_TIMEOUT_MS;
    let attempts = 0;
    while (Date.now() < deadline && !signal.aborted) {
      const found = findPostmaster(cluster.dataPath);
      if (found?.isReady === true) return found;
      // Another server of this folder may still be on its way down, or on its way up for somebody else.
      if (found === undefined && !this.#isChildRunning()) {
        if (attempts === MAX_ATTEMPTS) throw this.#startFailed(this.#child?.ended() ?? '');
        await endLeftovers(cluster.dataPath, log);
        clearStaleLock(cluster.dataPath);
        this.#child = spawnPostmaster({ cluster, binaries, durability, port: await nextPort() });
        attempts += 1;
      }
      await delay(POLL_INTERVAL_MS);
    }
    throw this.#startFailed(signal.aborted ? 'was stopped' : `did not answer within ${START_TIMEOUT_MS / 1000} s`);
  }

  #isChildRunning(): boolean {
    return this.#child !== undefined && this.#child.ended() === undefined;
  }

  /** Until stopped: when the server dies it is started again on its port, later and later while that fails. */
  async #keepUp(): Promise<void> {
    const { signal } = this.#stopping;
    const { log } = this.#options;
    let delayMs = FIRST_RESTART_DELAY_MS;
    while (!signal.aborted) {
      await delay(WATCH_INTERVAL_MS, undefined, { signal, ref: false }).catch(() => {});
      const { pid, port } = this.#postmaster;
      if (signal.aborted || isPostmaster(pid, this.#cluster.dataPath)) continue;
      log.warn({ pid }, 'the embedded database died and is started again');
      try {
        this.#postmaster = await this.#bringUp(() => Promise.resolve(port));
        delayMs = FIRST_RESTART_DELAY_MS;
      } catch (error) {
        if (signal.aborted) return;
        log.error({ reason: messageOf(error), delayMs }, 'the embedded database could not be started');
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
