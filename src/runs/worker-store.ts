import { z } from 'zod';
import type { Database, DatabaseSession } from '../core/db/index.ts';
import { isoText } from './run-rows.ts';

const lockedRow = z.object({ locked: z.boolean() });
const workerRow = z.object({
  executor_id: z.string(),
  host: z.string(),
  pid: z.number(),
  queues: z.array(z.string()),
  session_name: z.string(),
  started_at: z.string(),
  beat_at: z.string(),
  silent_ms: z.coerce.number(),
});

/** A process that executes runs, as it described itself. */
export interface Worker {
  readonly executorId: string;
  readonly host: string;
  readonly pid: number;
  readonly queues: readonly string[];
  /** Of its connections, in `pg_stat_activity`. */
  readonly sessionName: string;
  readonly startedAt: string;
  readonly beatAt: string;
  /** Since its last beat, by the clock of the database, and no longer than that has been up: it must be heard to beat. */
  readonly silentMs: number;
}

export type WorkerIdentity = Pick<Worker, 'executorId' | 'host' | 'pid' | 'queues'>;

/** A recovery that has to wait longer for rows of a frozen process leaves them to the next one. */
const LOCK_TIMEOUT = '2s';

/**
 * The table `worker`, and the session locks by which a living worker is known. Whoever holds the lock of an executor id
 * is that executor, or has found it dead and recovers its work.
 */
export class WorkerStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Takes the lock of an executor id for as long as the session lasts; false while another session has it. */
  async tryLock(session: DatabaseSession, executorId: string): Promise<boolean> {
    const sql = `select pg_try_advisory_lock(hashtextextended('lightdom.worker:' || $1, 0)) as locked`;
    return (await session.query(lockedRow, sql, [executorId]))[0]?.locked ?? false;
  }

  async unlock(session: DatabaseSession, executorId: string): Promise<void> {
    const sql = `select pg_advisory_unlock(hashtextextended('lightdom.worker:' || $1, 0)) as locked`;
    await session.query(lockedRow, sql, [executorId]);
  }

  /** One process at a time looks after the others; false while another one does. */
  async tryElect(session: DatabaseSession): Promise<boolean> {
    const sql = `select pg_try_advisory_lock(hashtextextended('lightdom.keeper', 0)) as locked`;
    return (await session.query(lockedRow, sql))[0]?.locked ?? false;
  }

  async resign(session: DatabaseSession): Promise<void> {
    await session.query(lockedRow, `select pg_advisory_unlock(hashtextextended('lightdom.keeper', 0)) as locked`);
  }

  /** Also the sign of life: a worker that was taken for dead and is not stands in the table again. */
  async beat({ executorId, host, pid, queues }: WorkerIdentity): Promise<void> {
    const sql = `insert into lightdom.worker as known (executor_id, host, pid, queues, session_name)
      values ($1, $2, $3, $4::jsonb, current_setting('application_name'))
      on conflict (executor_id) do update set beat_at = clock_timestamp(), host = excluded.host, queues = excluded.queues,
        session_name = excluded.session_name,
        started_at = case known.pid when excluded.pid then known.started_at else clock_timestamp() end,
        pid = excluded.pid`;
    await this.#database.execute(sql, [executorId, host, pid, JSON.stringify(queues)]);
  }

  async list(): Promise<Worker[]> {
    const sql = `select executor_id, host, pid, queues, session_name, ${isoText('started_at')}, ${isoText('beat_at')},
        extract(epoch from clock_timestamp() - greatest(worker.beat_at, pg_postmaster_start_time())) * 1000 as silent_ms
      from lightdom.worker order by executor_id`;
    const rows = await this.#database.query(workerRow, sql);
    return rows.map((row) => ({
      executorId: row.executor_id,
      host: row.host,
      pid: row.pid,
      queues: row.queues,
      sessionName: row.session_name,
      startedAt: row.started_at,
      beatAt: row.beat_at,
      silentMs: row.silent_ms,
    }));
  }

  async remove(executorId: string): Promise<void> {
    await this.#database.execute('delete from lightdom.worker where executor_id = $1', [executorId]);
  }

  /**
   * Cuts the connections of a frozen worker: its locks are freed and its open transactions rolled back. Returns how many
   * there were. Needs no more than the rights of the user that made them.
   */
  cutOff(sessionNames: readonly string[]): Promise<number> {
    // A worker that shares our own name would take us with it.
    const sql = `with cut as materialized (
        select pg_terminate_backend(pid) as done from pg_stat_activity
        where datname = current_database() and application_name = any($1::text[])
          and application_name <> current_setting('application_name')
      )
      select done from cut`;
    return this.#database.execute(sql, [sessionNames]);
  }

  /** Bounds the waiting on a session, and gives it the name of the process's other connections. */
  async adopt(session: DatabaseSession): Promise<void> {
    await session.execute(`set lock_timeout = '${LOCK_TIMEOUT}'`);
    const sql = `select current_setting('application_name') as name`;
    const [row] = await this.#database.query(z.object({ name: z.string() }), sql);
    await session.execute(`select set_config('application_name', $1, false)`, [row?.name ?? 'lightdom']);
  }
}
