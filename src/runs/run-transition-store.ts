import type { Database } from '../core/db/index.ts';
import { begunRow, RUN_COLUMNS, runRow, UNFINISHED } from './run-rows.ts';
import type { StoredRun } from './run-rows.ts';
import type { RunError } from './run-schema.ts';
import type { RunAttempt } from './run-store.ts';

interface Transition {
  readonly set: string;
  readonly where: string;
  /** `$1` is the run's id; the others are of the clauses. */
  readonly params: readonly unknown[];
  /** SQL of the level and the message that go to the run's log. */
  readonly note: readonly [level: string, message: string];
}

/** Of a run and, with their own condition, of the runs that belong to it. */
interface FamilyTransition extends Transition {
  readonly whereOfMembers: string;
  /** A further statement over the rows of `changed`. */
  readonly also?: string;
}

/** Changes of state. Each is one statement together with its line in the run's log, or none when it does not apply. */
export class RunTransitionStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Counts a new attempt; undefined when the run is not to be executed. `crashes`: attempts that just broke off. */
  async begin(runId: string, executorId: string): Promise<{ stored: StoredRun; crashes: number } | undefined> {
    const sql = `with before as (
        select run_id, status = 'running' as was_running, status = 'running' and not is_stopped as has_crashed
        from lightdom.run where run_id = $1 and status in ('pending', 'running') for update
      ), begun as (
        update lightdom.run set status = 'running', attempt = attempt + 1, executor_id = $2, is_stopped = false,
          crashes = crashes + has_crashed::int,
          started_at = coalesce(started_at, clock_timestamp()), updated_at = clock_timestamp()
        from before where before.run_id = lightdom.run.run_id returning lightdom.run.*, was_running
      ), noted as (
        insert into lightdom.run_event (run_id, level, message)
        select run_id, case when was_running then 'warn' else 'info' end, case
          when attempt = 1 then format('started on %s', $2::text)
          when was_running then format('recovered after an interruption, attempt %s on %s', attempt, $2::text)
          else format('goes on, attempt %s on %s', attempt, $2::text) end
        from begun
      )
      select ${RUN_COLUMNS}, crashes from begun as run`;
    return (await this.#database.query(begunRow, sql, [runId, executorId]))[0];
  }

  /** `result` is JSON text. Undefined when the run has ended otherwise or was begun anew. */
  complete({ runId, attempt }: RunAttempt, result: string): Promise<StoredRun | undefined> {
    return this.#change(runId, {
      set: `status = 'completed', result = $3::jsonb, ended_at = clock_timestamp()`,
      where: `attempt = $2 and status = 'running'`,
      params: [attempt, result],
      note: [`'info'`, `'completed'`],
    });
  }

  /** `attempt` is what the caller has seen last. Undefined when the run has ended otherwise or was begun anew. */
  fail({ runId, attempt }: RunAttempt, error: RunError): Promise<StoredRun | undefined> {
    return this.#change(runId, {
      set: `status = 'failed', error = $3::jsonb, ended_at = clock_timestamp()`,
      where: `attempt = $2 and status in ('pending', 'running')`,
      params: [attempt, JSON.stringify(error), error.message],
      note: [`'error'`, `'failed: ' || $4`],
    });
  }

  /** With all that belongs to it. Nothing when the run has ended or does not exist. */
  cancel(runId: string, reason: string | undefined): Promise<StoredRun[]> {
    return this.#changeFamily(runId, {
      set: `status = 'cancelled', cancel_reason = $2, ended_at = clock_timestamp()`,
      where: UNFINISHED,
      whereOfMembers: UNFINISHED,
      params: [reason ?? null],
      note: [`'warn'`, `'cancelled' || coalesce(': ' || $2::text, '')`],
    });
  }

  pause(runId: string, reason: string | undefined): Promise<StoredRun[]> {
    return this.#changeFamily(runId, {
      set: `status = 'paused'`,
      where: `status in ('pending', 'running')`,
      whereOfMembers: `status in ('pending', 'running')`,
      params: [reason ?? null],
      note: [`'info'`, `'paused' || coalesce(': ' || $2::text, '')`],
    });
  }

  resume(runId: string): Promise<StoredRun[]> {
    return this.#changeFamily(runId, {
      set: `status = 'pending'`,
      where: `status = 'paused'`,
      whereOfMembers: `status = 'paused'`,
      params: [],
      note: [`'info'`, `'resumed'`],
    });
  }

  /** A failed run, and what has failed or was cancelled of the runs that belong to it. Its deadline begins anew. */
  retry(runId: string): Promise<StoredRun[]> {
    return this.#changeFamily(runId, {
      set: `status = 'pending', error = null, ended_at = null, cancel_reason = null, crashes = 0,
        deadline_at = clock_timestamp() + (deadline_at - created_at)`,
      where: `status = 'failed'`,
      whereOfMembers: `status in ('failed', 'cancelled')`,
      params: [],
      note: [`'info'`, `'retried'`],
      // What was rejected is asked again.
      also: `update lightdom.run_question set is_withdrawn = true
        where form is null and answer @> '{"content": {"approve": false}}' and run_id in (select run_id from changed)`,
    });
  }

  async prioritize(runId: string, priority: number): Promise<StoredRun | undefined> {
    return this.#change(runId, {
      set: `priority = $2`,
      where: `status in ('pending', 'paused')`,
      params: [priority],
      note: [`'info'`, `format('priority %s', $2::int)`],
    });
  }

  /** Runs whose time is up. */
  async expire(): Promise<StoredRun[]> {
    const error = `jsonb_build_object('code', 'timed_out',
      'message', format('The run had not ended by its deadline, %s.', to_char(deadline_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')),
      'hint', 'Retry it with run_control, or start it again with more time.')`;
    return this.#changeMany({
      set: `status = 'failed', error = ${error}, ended_at = clock_timestamp()`,
      where: `deadline_at < clock_timestamp() and ${UNFINISHED}`,
      params: [],
      note: [`'error'`, `'failed: ' || (error->>'message')`],
    });
  }

  /** Unfinished runs whose parent was cancelled or has failed. */
  async cancelOrphans(): Promise<StoredRun[]> {
    return this.#changeMany({
      set: `status = 'cancelled', cancel_reason = 'its parent has ended', ended_at = clock_timestamp()`,
      where: `${UNFINISHED} and parent_run_id in (
        select run_id from lightdom.run parent where parent.status in ('cancelled', 'failed')
          and exists (select from lightdom.run child where child.parent_run_id = parent.run_id and child.${UNFINISHED}))`,
      params: [],
      note: [`'warn'`, `'cancelled: its parent has ended'`],
    });
  }

  /** Notes that attempts were ended by an orderly stop of their process. */
  async recordStop(runIds: readonly string[], executorId: string): Promise<void> {
    const sql = `with stopped as (
        update lightdom.run set is_stopped = true, updated_at = clock_timestamp()
        where run_id = any($1::text[]) and status = 'running' and executor_id = $2 returning run_id
      )
      insert into lightdom.run_event (run_id, level, message)
      select run_id, 'warn', 'interrupted by a stop of the system; goes on at its next start' from stopped`;
    await this.#database.execute(sql, [runIds, executorId]);
  }

  async #change(runId: string, { set, where, params, note }: Transition): Promise<StoredRun | undefined> {
    const rows = await this.#changeMany({ set, where: `run_id = $1 and ${where}`, params: [runId, ...params], note });
    return rows[0];
  }

  #changeMany({ set, where, params, note }: Transition): Promise<StoredRun[]> {
    const sql = `with changed as (
        update lightdom.run set ${set}, updated_at = clock_timestamp() where ${where} returning *
      ), noted as (
        insert into lightdom.run_event (run_id, level, message) select run_id, ${note[0]}, ${note[1]} from changed
      )
      select ${RUN_COLUMNS} from changed as run`;
    return this.#database.query(runRow, sql, params);
  }

  /** The run itself first. When the run itself does not change, nothing does. */
  async #changeFamily(runId: string, change: FamilyTransition): Promise<StoredRun[]> {
    const { set, where, whereOfMembers, params, note, also = 'select' } = change;
    const sql = `with recursive family as (
        select run_id from lightdom.run where run_id = $1 and ${where}
        union all
        select child.run_id from lightdom.run child join family on child.parent_run_id = family.run_id
      ), changed as (
        update lightdom.run set ${set}, updated_at = clock_timestamp()
        where run_id in (select run_id from family)
          and case run_id when $1 then ${where} else ${whereOfMembers} end returning *
      ), noted as (
        insert into lightdom.run_event (run_id, level, message) select run_id, ${note[0]}, ${note[1]} from changed
      ), also as (${also})
      select ${RUN_COLUMNS} from changed as run order by run.run_id = $1 desc, run.created_at`;
    const rows = await this.#database.query(runRow, sql, [runId, ...params]);
    return rows[0]?.run.runId === runId ? rows : [];
  }
}
