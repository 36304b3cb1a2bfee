import { openSession } from '../core/db/index.ts';
import type { Database, DatabaseSession } from '../core/db/index.ts';
import { AppError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { WorkerStore } from './worker-store.ts';

/** A worker says that it lives this often. */
export const BEAT_MS = 1_000;

/** More workers on one host than anybody has. */
const MAX_SLOTS = 1_000;

export interface LeaseDeps {
  readonly database: Database;
  readonly workers: WorkerStore;
  readonly log: Log;
  /** Names the host; its workers are its slots. */
  readonly host: string;
}

/**
 * Holds an executor id: the lowest free slot of the host, so that a worker that is started again gets the id, and with
 * it the unfinished work, of the one before. The id is held by a session lock, which ends with the process.
 */
export class WorkerLease {
  readonly executorId: string;
  readonly #deps: LeaseDeps;
  #session: DatabaseSession;
  #isLost = false;

  private constructor(deps: LeaseDeps, session: DatabaseSession, executorId: string) {
    this.#deps = deps;
    this.executorId = executorId;
    this.#session = this.#watched(session);
  }

  static async claim(deps: LeaseDeps): Promise<WorkerLease> {
    const session = await openLeaseSession(deps);
    try {
      for (let slot = 0; slot < MAX_SLOTS; slot += 1) {
        const executorId = `${deps.host}-${slot}`;
        if (await deps.workers.tryLock(session, executorId)) return new WorkerLease(deps, session, executorId);
      }
    } catch (error) {
      await session.close();
      throw error;
    }
    await session.close();
    throw new AppError('limit_reached', `${MAX_SLOTS} workers run on ${deps.host} already.`);
  }

  session(): DatabaseSession {
    return this.#session;
  }

  /** Whether the session that holds the id has ended. */
  isLost(): boolean {
    return this.#isLost;
  }

  /**
   * Takes the id again after its session was lost. False when another worker has it now: what this one executes is that
   * one's, and it must begin anew under another id. Throws while the database is away.
   */
  async renew(): Promise<boolean> {
    await this.#session.close();
    this.#session = this.#watched(await openLeaseSession(this.#deps));
    this.#isLost = false;
    const isOurs = await this.#deps.workers.tryLock(this.#session, this.executorId);
    this.#deps.log.info(
      { executorId: this.executorId, isOurs },
      'the lock of this worker was lost and asked for again',
    );
    return isOurs;
  }

  async release(): Promise<void> {
    await this.#session.close();
  }

  #watched(session: DatabaseSession): DatabaseSession {
    void this.#noteEnd(session);
    return session;
  }

  async #noteEnd(session: DatabaseSession): Promise<void> {
    await session.ended;
    if (this.#session === session) this.#isLost = true;
  }
}

async function openLeaseSession({ database, workers, log }: LeaseDeps): Promise<DatabaseSession> {
  const session = await openSession({ url: database.url, log });
  await workers.adopt(session);
  return session;
}
