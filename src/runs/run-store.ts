import { z } from 'zod';
import type { Database } from '../core/db/index.ts';
import { RUN_STATUSES, runErrorSchema, runEventSchema, runProgressSchema } from './run-schema.ts';
import type { Run, RunError, RunEvent, RunProgress, RunStatus } from './run-schema.ts';

/** A place in the list of runs, newest first: what follows is older. */
export interface RunPosition {
  readonly createdAt: string;
  readonly runId: string;
}

export interface NewRun {
  readonly runId: string;
  readonly kind: string;
  readonly title: string;
  /** JSON text. */
  readonly input: string;
  readonly parentRunId: string | undefined;
}

export interface RunFilter {
  readonly status: RunStatus | undefined;
  readonly kind: string | undefined;
  readonly limit: number;
  readonly after: RunPosition | undefined;
}

export type NewRunEvent = Pick<RunEvent, 'at' | 'level' | 'message'>;

/** One execution of a run. An older execution that comes late can't change what a newer one does. */
export interface RunAttempt {
  readonly runId: string;
  readonly attempt: number;
}

interface Transition {
  readonly set: string;
  readonly where: string;
  /** `$1` is the run's id; the others are of the clauses. */
  readonly params: readonly unknown[];
  /** SQL of the level and the message that go to the run's log. */
  readonly note: readonly [level: string, message: string];
}

/** ISO 8601 with the microseconds that `Date` would lose and paging needs. */
function isoText(column: string): string {
  return `to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as ${column}`;
}

const COLUMNS = `run_id, kind, title, status, progress, attempt, stops, input, result, error, parent_run_id,
  ${['created_at', 'started_at', 'ended_at'].map(isoText).join(', ')}`;

const EVENT_COLUMNS = `sequence, run_id as "runId", ${isoText('at')}, level, message`;

const runRow = z.object({
  run_id: z.string(),
  kind: z.string(),
  title: z.string(),
  status: z.enum(RUN_STATUSES),
  progress: runProgressSchema,
  attempt: z.number(),
  stops: z.number(),
  input: z.unknown(),
  result: z.unknown(),
  error: runErrorSchema.nullable(),
  parent_run_id: z.string().nullable(),
  created_at: z.string(),
  started_at: z.string().nullable(),
  ended_at: z.string().nullable(),
});
type RunRow = z.infer<typeof runRow>;

const begunRow = runRow.extend({ crashes: z.number() });
const eventRow = runEventSchema.extend({ sequence: z.coerce.number() });

const UNFINISHED = `status not in ('completed', 'failed', 'cancelled')`;

/** The tables `run` and `run_event`. Every change of state and its line in the log are one statement. */
export class RunStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insert(run: NewRun): Promise<Run> {
    const sql = `insert into lightdom.run (run_id, kind, title, input, parent_run_id)
      values ($1, $2, $3, $4::jsonb, $5) returning ${COLUMNS}`;
    const params = [run.runId, run.kind, run.title, run.input, run.parentRunId ?? null];
    return runOf(onlyRow(await this.#database.query(runRow, sql, params)));
  }

  async find(runId: string): Promise<Run | undefined> {
    const sql = `select ${COLUMNS} from lightdom.run where run_id = $1`;
    return maybeRun(await this.#database.query(runRow, sql, [runId]));
  }

  /** Newest first. */
  async list(filter: RunFilter): Promise<Run[]> {
    const sql = `select ${COLUMNS} from lightdom.run
      where ($1::text is null or status = $1)
        and ($2::text is null or kind = $2)
        and ($3::text is null or (created_at, run_id) < ($3::timestamptz, $4))
      order by lightdom.run.created_at desc, run_id desc limit $5`;
    const { status, kind, after, limit } = filter;
    const params = [status ?? null, kind ?? null, after?.createdAt ?? null, after?.runId ?? null, limit];
    return (await this.#database.query(runRow, sql, params)).map(runOf);
  }

  /** Runs that have not ended, in the order of their ids. */
  async listUnfinished(afterRunId: string, limit: number): Promise<Run[]> {
    const sql = `select ${COLUMNS} from lightdom.run where ${UNFINISHED} and run_id > $1 order by run_id limit $2`;
    return (await this.#database.query(runRow, sql, [afterRunId, limit])).map(runOf);
  }

  /** Counts a new attempt; undefined when the run has ended. `crashes`: former attempts that no orderly stop ended. */
  async begin(runId: string): Promise<{ run: Run; crashes: number } | undefined> {
    const sql = `with begun as (
        update lightdom.run set status = 'running', attempt = attempt + 1,
          started_at = coalesce(started_at, clock_timestamp()), updated_at = clock_timestamp()
        where run_id = $1 and status in ('pending', 'running') returning *
      ), noted as (
        insert into lightdom.run_event (run_id, level, message)
        select run_id, case attempt when 1 then 'info' else 'warn' end,
          case attempt when 1 then 'started' else format('recovered after an interruption, attempt %s', attempt) end
        from begun
      )
      select ${COLUMNS}, greatest(attempt - 1 - stops, 0) as crashes from begun`;
    const [row] = await this.#database.query(begunRow, sql, [runId]);
    return row === undefined ? undefined : { run: runOf(row), crashes: row.crashes };
  }

  async saveProgress({ runId, attempt }: RunAttempt, progress: RunProgress): Promise<Run | undefined> {
    const sql = `update lightdom.run set progress = $3::jsonb, updated_at = clock_timestamp()
      where run_id = $1 and attempt = $2 and status = 'running' returning ${COLUMNS}`;
    return maybeRun(await this.#database.query(runRow, sql, [runId, attempt, JSON.stringify(progress)]));
  }

  /** `result` is JSON text. Undefined when the run has ended otherwise or was begun anew. */
  complete({ runId, attempt }: RunAttempt, result: string): Promise<Run | undefined> {
    return this.#change(runId, {
      set: `status = 'completed', result = $3::jsonb, ended_at = clock_timestamp()`,
      where: `attempt = $2 and status = 'running'`,
      params: [attempt, result],
      note: [`'info'`, `'completed'`],
    });
  }

  /** `attempt` is what the caller has seen last. Undefined when the run has ended otherwise or was begun anew. */
  fail({ runId, attempt }: RunAttempt, error: RunError): Promise<Run | undefined> {
    return this.#change(runId, {
      set: `status = 'failed', error = $3::jsonb, ended_at = clock_timestamp()`,
      where: `attempt = $2 and ${UNFINISHED}`,
      params: [attempt, JSON.stringify(error), error.message],
      note: [`'error'`, `'failed: ' || $4`],
    });
  }

  /** Undefined when the run has ended or does not exist. */
  cancel(runId: string, reason: string | undefined): Promise<Run | undefined> {
    return this.#change(runId, {
      set: `status = 'cancelled', cancel_reason = $2, ended_at = clock_timestamp()`,
      where: UNFINISHED,
      params: [reason ?? null],
      note: [`'warn'`, `'cancelled' || coalesce(': ' || $2::text, '')`],
    });
  }

  /** Notes that attempts were ended by an orderly stop of their process. */
  async recordStop(runIds: readonly string[]): Promise<void> {
    const sql = `with stopped as (
        update lightdom.run set stops = stops + 1, updated_at = clock_timestamp()
        where run_id = any($1::text[]) and status = 'running' returning run_id
      )
      insert into lightdom.run_event (run_id, level, message)
      select run_id, 'warn', 'interrupted by a stop of the system; goes on at its next start' from stopped`;
    await this.#database.execute(sql, [runIds]);
  }

  async addEvents(runId: string, events: readonly NewRunEvent[]): Promise<void> {
    const sql = `insert into lightdom.run_event (run_id, at, level, message)
      select $1, (event->>'at')::timestamptz, event->>'level', event->>'message'
      from jsonb_array_elements($2::jsonb) with ordinality as list (event, position) order by position`;
    await this.#database.execute(sql, [runId, JSON.stringify(events)]);
  }

  /** Oldest first, after the event with the sequence `after`. */
  listEvents(runId: string, after: number, limit: number): Promise<RunEvent[]> {
    const sql = `select ${EVENT_COLUMNS} from lightdom.run_event
      where run_id = $1 and sequence > $2 order by sequence limit $3`;
    return this.#database.query(eventRow, sql, [runId, after, limit]);
  }

  /** The last ones, oldest first. */
  async recentEvents(runId: string, limit: number): Promise<RunEvent[]> {
    const sql = `select ${EVENT_COLUMNS} from lightdom.run_event
      where run_id = $1 order by sequence desc limit $2`;
    return (await this.#database.query(eventRow, sql, [runId, limit])).toReversed();
  }

  async #change(runId: string, { set, where, params, note }: Transition): Promise<Run | undefined> {
    const sql = `with changed as (
        update lightdom.run set ${set}, updated_at = clock_timestamp() where run_id = $1 and ${where} returning *
      ), noted as (
        insert into lightdom.run_event (run_id, level, message) select run_id, ${note[0]}, ${note[1]} from changed
      )
      select ${COLUMNS} from changed`;
    return maybeRun(await this.#database.query(runRow, sql, [runId, ...params]));
  }
}

function onlyRow(rows: readonly RunRow[]): RunRow {
  const [row] = rows;
  if (row === undefined) throw new Error('The insert of a run returned no row.');
  return row;
}

function maybeRun(rows: readonly RunRow[]): Run | undefined {
  const [row] = rows;
  return row === undefined ? undefined : runOf(row);
}

function runOf(row: RunRow): Run {
  return {
    runId: row.run_id,
    kind: row.kind,
    title: row.title,
    status: row.status,
    progress: row.progress,
    attempt: row.attempt,
    input: row.input,
    createdAt: row.created_at,
    ...(row.result === null ? {} : { result: row.result }),
    ...(row.error === null ? {} : { error: row.error }),
    ...(row.parent_run_id === null ? {} : { parentRunId: row.parent_run_id }),
    ...(row.started_at === null ? {} : { startedAt: row.started_at }),
    ...(row.ended_at === null ? {} : { endedAt: row.ended_at }),
  };
}
