import { z } from 'zod';
import type { Database, Queryable } from '../core/db/index.ts';
import { RUN_COLUMNS, runRow, UNFINISHED } from './run-rows.ts';
import type { StoredRun } from './run-rows.ts';
import { budgetSchema, RUN_STATUSES } from './run-schema.ts';
import type { Budget, BudgetUnit, Run, RunProgress, RunStatus } from './run-schema.ts';

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
  readonly queue: string;
  readonly priority: number;
  readonly timeoutMs: number | undefined;
  readonly budget: Budget;
  readonly parentRunId: string | undefined;
  /** That of the parent where there is one. */
  readonly owner: string;
  readonly traceParent: string | undefined;
}

export interface RunFilter {
  readonly status: RunStatus | undefined;
  readonly kind: string | undefined;
  readonly parentRunId: string | undefined;
  readonly owner: string | undefined;
  readonly limit: number;
  readonly after: RunPosition | undefined;
}

/** One execution of a run. An older execution that comes late can't change what a newer one does. */
export interface RunAttempt {
  readonly runId: string;
  readonly attempt: number;
}

export interface RunCount {
  readonly kind: string;
  readonly status: RunStatus;
  readonly queue: string;
  readonly count: number;
}

/** Of one unit of the budget. */
export interface Spending {
  readonly unit: BudgetUnit;
  readonly amount: number;
}

const watchRow = z.object({ run_id: z.string(), status: z.string(), attempt: z.number() });
const spentRow = z.object({ spent: budgetSchema });
const countRow = z.object({ status: z.enum(RUN_STATUSES), count: z.number() });
const allCountRow = countRow.extend({ kind: z.string(), queue: z.string() });
const idRow = z.object({ run_id: z.string(), total: z.number() });
const endedRow = z.object({ run_id: z.string(), kind: z.string() });

/** Rows of the table `run`: made, found, counted, deleted. What changes their state is in RunTransitionStore. */
export class RunStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Undefined when the parent has ended. A run of that id that exists already is returned as it is. A child has no later
   * deadline than its parent.
   */
  async insert(run: NewRun): Promise<StoredRun | undefined> {
    const sql = `insert into lightdom.run
        (run_id, kind, title, input, queue, priority, budget, deadline_at, parent_run_id, owner, trace_parent)
      select $1, $2, $3, $4::jsonb, $5, $6, $7::jsonb,
        least(clock_timestamp() + $8 * interval '1 millisecond', parent.deadline_at), parent.run_id,
        coalesce(parent.owner, $10), $11
      from (values ($9::text)) as given (parent_run_id)
      left join lightdom.run parent on parent.run_id = given.parent_run_id
      where given.parent_run_id is null or parent.${UNFINISHED}
      on conflict (run_id) do nothing
      returning ${RUN_COLUMNS}`;
    const { runId, kind, title, input, queue, priority, budget, timeoutMs, parentRunId, owner, traceParent } = run;
    const limits = [JSON.stringify(budget), timeoutMs ?? null, parentRunId ?? null, owner, traceParent ?? null];
    const [row] = await this.#database.query(runRow, sql, [runId, kind, title, input, queue, priority, ...limits]);
    return row ?? this.findStored(runId);
  }

  async find(runId: string): Promise<Run | undefined> {
    return (await this.findStored(runId))?.run;
  }

  async findStored(runId: string): Promise<StoredRun | undefined> {
    const sql = `select ${RUN_COLUMNS} from lightdom.run where run_id = $1`;
    return (await this.#database.query(runRow, sql, [runId]))[0];
  }

  async findMany(runIds: readonly string[]): Promise<Run[]> {
    const sql = `select ${RUN_COLUMNS} from lightdom.run where run_id = any($1::text[])`;
    return (await this.#database.query(runRow, sql, [runIds])).map(({ run }) => run);
  }

  /** Newest first. */
  async list(filter: RunFilter): Promise<Run[]> {
    const sql = `select ${RUN_COLUMNS} from lightdom.run
      where ($1::text is null or status = $1)
        and ($2::text is null or kind = $2)
        and ($3::text is null or parent_run_id = $3)
        and ($4::text is null or owner = $4)
        and ($5::text is null or (created_at, run_id) < ($5::timestamptz, $6))
      order by run.created_at desc, run_id desc limit $7`;
    const { status, kind, parentRunId, owner, after, limit } = filter;
    const place = [after?.createdAt ?? null, after?.runId ?? null];
    const params = [status ?? null, kind ?? null, parentRunId ?? null, owner ?? null, ...place, limit];
    return (await this.#database.query(runRow, sql, params)).map(({ run }) => run);
  }

  /** Ids that begin with the text, newest first, and how many there are; of one owner, or of all. */
  async listIds(
    prefix: string,
    limit: number,
    owner: string | undefined,
  ): Promise<{ runIds: string[]; total: number }> {
    const sql = `select run_id, count(*) over ()::int as total from lightdom.run
      where starts_with(run_id, $1) and ($3::text is null or owner = $3)
      order by created_at desc, run_id desc limit $2`;
    const rows = await this.#database.query(idRow, sql, [prefix, limit, owner ?? null]);
    return { runIds: rows.map(({ run_id }) => run_id), total: rows[0]?.total ?? 0 };
  }

  /** In the order of their start. */
  async listChildren(runId: string): Promise<Run[]> {
    const sql = `select ${RUN_COLUMNS} from lightdom.run where parent_run_id = $1 order by run.created_at, run_id`;
    return (await this.#database.query(runRow, sql, [runId])).map(({ run }) => run);
  }

  countAll(): Promise<RunCount[]> {
    const sql = 'select kind, status, queue, count(*)::int as count from lightdom.run group by kind, status, queue';
    return this.#database.query(allCountRow, sql);
  }

  async countChildren(runId: string): Promise<Partial<Record<RunStatus, number>>> {
    const sql = 'select status, count(*)::int as count from lightdom.run where parent_run_id = $1 group by status';
    const rows = await this.#database.query(countRow, sql, [runId]);
    return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
  }

  /** Runs that should be with the engine, in the order of their ids. */
  listDeliverable(afterRunId: string, limit: number): Promise<StoredRun[]> {
    const sql = `select ${RUN_COLUMNS} from lightdom.run
      where ${UNFINISHED} and status in ('pending', 'running') and run_id > $1 order by run_id limit $2`;
    return this.#database.query(runRow, sql, [afterRunId, limit]);
  }

  /** The state of runs that are being executed; an absent one is gone. */
  async watch(runIds: readonly string[]): Promise<ReadonlyMap<string, { status: string; attempt: number }>> {
    const sql = 'select run_id, status, attempt from lightdom.run where run_id = any($1::text[])';
    const rows = await this.#database.query(watchRow, sql, [runIds]);
    return new Map(rows.map(({ run_id, status, attempt }) => [run_id, { status, attempt }]));
  }

  async saveProgress({ runId, attempt }: RunAttempt, progress: RunProgress): Promise<Run | undefined> {
    const sql = `update lightdom.run set progress = $3::jsonb, updated_at = clock_timestamp()
      where run_id = $1 and attempt = $2 and status = 'running' returning ${RUN_COLUMNS}`;
    const [row] = await this.#database.query(runRow, sql, [runId, attempt, JSON.stringify(progress)]);
    return row?.run;
  }

  /** Adds to what was spent and returns all of it; undefined when the attempt is over. Joins `transaction` if given. */
  async spend(
    { runId, attempt }: RunAttempt,
    { unit, amount }: Spending,
    transaction: Queryable = this.#database,
  ): Promise<Budget | undefined> {
    const sql = `update lightdom.run
      set spent = jsonb_set(spent, array[$3], to_jsonb(coalesce((spent->>$3)::numeric, 0) + $4::numeric))
      where run_id = $1 and attempt = $2 and status = 'running' returning spent`;
    const [row] = await transaction.query(spentRow, sql, [runId, attempt, unit, amount]);
    return row?.spent;
  }

  /** Ended runs without a parent, oldest first, and all that belongs to them. */
  async listPrunable(olderThanDays: number, limit: number): Promise<{ runId: string; kind: string }[]> {
    const sql = `${prunable('order by ended_at limit $2')} select run_id, kind from family`;
    const rows = await this.#database.query(endedRow, sql, [olderThanDays, limit]);
    return rows.map(({ run_id, kind }) => ({ runId: run_id, kind }));
  }

  /** How many runs `listPrunable` would find in the end. */
  async countPrunable(olderThanDays: number): Promise<number> {
    const sql = `${prunable('')} select count(*)::int as count from family`;
    const [row] = await this.#database.query(z.object({ count: z.number() }), sql, [olderThanDays]);
    return row?.count ?? 0;
  }

  /** Deletes ended runs with their log and questions; returns how many there were. */
  remove(runIds: readonly string[]): Promise<number> {
    const sql = 'delete from lightdom.run where run_id = any($1::text[]) and ended_at is not null';
    return this.#database.execute(sql, [runIds]);
  }

  /** Tells all processes that these runs have changed. */
  async announce(channel: string, payload: string): Promise<void> {
    await this.#database.execute('select pg_notify($1, $2)', [channel, payload]);
  }
}

/** A run stays for as long as one that belongs to it has not ended. `$1`: age in days. */
function prunable(chosen: string): string {
  return `with recursive busy as (
      select run_id, parent_run_id from lightdom.run where ${UNFINISHED}
      union
      select parent.run_id, parent.parent_run_id from lightdom.run parent join busy on busy.parent_run_id = parent.run_id
    ), family as (
      (select run_id, kind from lightdom.run
        where ended_at < clock_timestamp() - $1 * interval '1 day' and parent_run_id is null
          and run_id not in (select run_id from busy) ${chosen})
      union all
      select child.run_id, child.kind from lightdom.run child join family on child.parent_run_id = family.run_id
    )`;
}
