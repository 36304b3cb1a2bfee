import { z } from 'zod';

const executingRow = z.object({ run_id: z.string(), pid: z.number() });
const storedRow = z.object({ stored: z.coerce.number() });
const onwardRow = z.object({ at: z.coerce.number().nullable() });

/**
 * @typedef {object} Interruption a run that a worker was executing when it was killed
 * @property {string} runId
 * @property {number} killedAtMs
 */

/** What a drill's rows say while it runs; asked of a database that is away it says nothing. */
export class DrillWatch {
  #database;
  #runId;

  /**
   * @param {import('../../dist/src/core/db/index.js').Database} database
   * @param {string} runId
   */
  constructor(database, runId) {
    this.#database = database;
    this.#runId = runId;
  }

  /** Operations that are committed. */
  async stored() {
    const sql = `select coalesce(sum((spent->>'operations')::numeric), 0) as stored
      from lightdom.run where parent_run_id = $1`;
    const rows = await this.#database.query(storedRow, sql, [this.#runId]).catch(() => []);
    return rows[0]?.stored;
  }

  /**
   * What those processes execute.
   * @param {readonly number[]} pids
   */
  async executing(pids) {
    const sql = `select run_id, pid from lightdom.run join lightdom.worker using (executor_id)
      where run.status = 'running' and pid = any($1::int[])`;
    const rows = await this.#database.query(executingRow, sql, [pids]).catch(() => []);
    return rows.map(({ run_id, pid }) => ({ runId: run_id, pid }));
  }

  /**
   * Milliseconds until an interrupted run began its next attempt, or ended after all; undefined when it had ended before.
   * Their clock is ours.
   * @param {Interruption} interruption
   */
  async recoveryMs({ runId, killedAtMs }) {
    const sql = `select extract(epoch from min(at)) * 1000 as at from lightdom.run_event
      where run_id = $1 and at > to_timestamp($2::double precision / 1000)
        and (message ~ 'attempt \\d+ on ' or message ~ '^(completed|failed|cancelled)')`;
    const [row] = await this.#database.query(onwardRow, sql, [runId, killedAtMs]);
    return row === undefined || row.at === null ? undefined : row.at - killedAtMs;
  }
}
