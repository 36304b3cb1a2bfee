import { z } from 'zod';
import type { Database, Queryable } from '../core/db/index.ts';
import { newId } from '../core/ids.ts';
import { SEVERITIES } from '../findings/index.ts';
import type { TaskCounts } from './agent-answers.ts';
import { agentTaskSchema, TASK_STATES } from './agent-schema.ts';
import type { AgentTask, TaskState } from './agent-schema.ts';
import { recordText, recordTextOrNull } from './stored-record.ts';
import { priorityOf } from './task-seed.ts';
import type { TaskSeed } from './task-seed.ts';

export interface TaskFilter {
  readonly root: string;
  /** All but gone ones without it. */
  readonly state?: TaskState | undefined;
  readonly severity?: AgentTask['severity'] | undefined;
  readonly category?: AgentTask['category'] | undefined;
  readonly rule?: string | undefined;
}

/** The place of a task in the order of all. */
export interface TaskPosition {
  readonly priority: number;
  readonly taskId: string;
}

export interface TaskClaim {
  readonly runId: string;
  readonly baseCommit: string;
  /** A task in any other state is not claimed. */
  readonly from: readonly TaskState[];
}

export interface TaskChange {
  /** A task in any other state stays as it is. */
  readonly from: readonly TaskState[];
  readonly to: Exclude<TaskState, 'working' | 'rejected'>;
  /** Only while this run was the last to claim it. */
  readonly runId?: string | undefined;
  readonly reason?: string | undefined;
  /** Kept when not given. */
  readonly branch?: string | undefined;
  readonly commit?: string | undefined;
}

/** One statement takes so many rows. */
const ROWS_AT_ONCE = 500;
const MAX_NAME = 1_000;
const MAX_MESSAGE = 4_000;
const MAX_REASON = 2_000;

const moment = (column: string): string => `to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

const COLUMNS = `t.task_id as "taskId", t.fingerprint, t.finding_id as "findingId", t.type, t.source, t.rule, t.category,
  t.severity, t.path, t.line, t.node_id as "nodeId", t.symbol, t.message, t.confidence, t.priority, t.state,
  t.state_reason as reason, t.attempts, t.rejections, ${moment('t.cool_down_until')} as "coolDownUntil",
  t.run_id as "runId", t.base_commit as "baseCommit", t.branch, t.commit_hash as commit,
  ${moment('t.created_at')} as "createdAt", ${moment('t.updated_at')} as "updatedAt"`;

const text = z
  .string()
  .nullable()
  .transform((value) => value ?? undefined);
const taskRow = agentTaskSchema.extend({
  severity: z.number().transform((rank) => SEVERITIES[rank] ?? 'info'),
  line: z
    .number()
    .nullable()
    .transform((value) => value ?? undefined),
  findingId: text,
  nodeId: text,
  symbol: text,
  reason: text,
  coolDownUntil: text,
  runId: text,
  baseCommit: text,
  branch: text,
  commit: text,
});
const stateCount = z.object({ state: z.enum(TASK_STATES), count: z.number() });

const FROM = `from lightdom.agent_task t join lightdom.workspace w on w.id = t.workspace_id
  where w.root = $1 and ($2::text is null and t.state <> 'gone' or t.state = $2)
    and ($3::smallint is null or t.severity <= $3)
    and ($4::text is null or t.category = $4)
    and ($5::text is null or t.rule = $5)`;

/** Tasks of the agent in Postgres. A state changes only from the one that whoever changes it has seen. */
export class AgentStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /**
   * Makes what was found known, and returns its tasks, in the order given. A known task keeps its state and history; one
   * that was gone is open again.
   */
  async upsert(root: string, seeds: readonly TaskSeed[]): Promise<AgentTask[]> {
    const byFingerprint = new Map<string, AgentTask>();
    const distinct = [...new Map(seeds.map((seed) => [seed.fingerprint, seed])).values()];
    await this.#db.transaction(async (transaction) => {
      const workspaceId = await workspaceIdOf(transaction, root);
      for (let at = 0; at < distinct.length; at += ROWS_AT_ONCE) {
        const tasks = await upsertRows(transaction, workspaceId, distinct.slice(at, at + ROWS_AT_ONCE));
        for (const task of tasks) byFingerprint.set(task.fingerprint, task);
      }
    });
    return distinct.flatMap(({ fingerprint }) => byFingerprint.get(fingerprint) ?? []);
  }

  /** Highest priority first. */
  async list(filter: TaskFilter, page: { readonly after?: TaskPosition | undefined; readonly limit: number }) {
    const sql = `select ${COLUMNS} ${FROM}
        and ($6::float8 is null or t.priority < $6 or t.priority = $6 and t.task_id > $7)
      order by t.priority desc, t.task_id limit $8`;
    const { after, limit } = page;
    const values = [...filterValues(filter), after?.priority ?? null, after?.taskId ?? null, limit];
    return this.#db.query(taskRow, sql, values);
  }

  async count(filter: TaskFilter): Promise<number> {
    const sql = `select count(*)::integer as total ${FROM}`;
    return (await this.#db.query(z.object({ total: z.number() }), sql, filterValues(filter)))[0]?.total ?? 0;
  }

  async countByState(root: string): Promise<TaskCounts> {
    const sql = `select t.state, count(*)::integer as count
      from lightdom.agent_task t join lightdom.workspace w on w.id = t.workspace_id where w.root = $1 group by t.state`;
    const counts = {
      open: 0,
      working: 0,
      suggested: 0,
      verified: 0,
      proposed: 0,
      merged: 0,
      rejected: 0,
      failed: 0,
      gone: 0,
    };
    for (const { state, count } of await this.#db.query(stateCount, sql, [root])) counts[state] = count;
    return counts;
  }

  async find(taskId: string): Promise<AgentTask | undefined> {
    const sql = `select ${COLUMNS} from lightdom.agent_task t where t.task_id = $1`;
    return (await this.#db.query(taskRow, sql, [recordText(taskId, MAX_NAME)]))[0];
  }

  /** The workspace of a task. */
  async findRoot(taskId: string): Promise<string | undefined> {
    const sql = `select w.root from lightdom.agent_task t join lightdom.workspace w on w.id = t.workspace_id
      where t.task_id = $1`;
    return (await this.#db.query(z.object({ root: z.string() }), sql, [recordText(taskId, MAX_NAME)]))[0]?.root;
  }

  /** Gives a task to a run, as its next attempt; undefined when it is in no state of `from`: one of several wins. */
  async claim(taskId: string, { runId, baseCommit, from }: TaskClaim): Promise<AgentTask | undefined> {
    const sql = `update lightdom.agent_task t set state = 'working', state_reason = null, run_id = $2, base_commit = $3,
        attempts = attempts + 1, updated_at = clock_timestamp()
      where t.task_id = $1 and t.state = any ($4) and t.state <> 'working' returning ${COLUMNS}`;
    return (await this.#db.query(taskRow, sql, [taskId, runId, baseCommit, from]))[0];
  }

  /** Undefined when it is in another state by now, or with another run. */
  async change(taskId: string, change: TaskChange): Promise<AgentTask | undefined> {
    const { from, to, runId, reason, branch, commit } = change;
    const sql = `update lightdom.agent_task t set state = $3, state_reason = $4, branch = coalesce($5, t.branch),
        commit_hash = coalesce($6, t.commit_hash), updated_at = clock_timestamp()
      where t.task_id = $1 and t.state = any ($2) and ($7::text is null or t.run_id = $7) returning ${COLUMNS}`;
    const texts = [
      recordTextOrNull(reason, MAX_REASON),
      recordTextOrNull(branch, MAX_NAME),
      recordTextOrNull(commit, 64),
    ];
    return (await this.#db.query(taskRow, sql, [taskId, from, to, ...texts, runId ?? null]))[0];
  }

  /** A person does not want its fix: it is left alone for so many days. Undefined when none was shown. */
  async reject(
    taskId: string,
    { reason, coolDownDays }: { readonly reason: string; readonly coolDownDays: number },
  ): Promise<AgentTask | undefined> {
    const sql = `update lightdom.agent_task t set state = 'rejected', state_reason = $2, rejections = rejections + 1,
        cool_down_until = clock_timestamp() + $3::integer * interval '1 day', updated_at = clock_timestamp()
      where t.task_id = $1 and t.state in ('suggested', 'verified', 'proposed') returning ${COLUMNS}`;
    return (await this.#db.query(taskRow, sql, [taskId, recordText(reason, MAX_REASON), coolDownDays]))[0];
  }

  /** What a run that has ended was still at is open again; returns how many. The attempt stays counted: a task that kills runs is given up. */
  async release(runId: string): Promise<number> {
    const sql = `update lightdom.agent_task set state = 'open', state_reason = 'the run that was at it ended',
        updated_at = clock_timestamp() where run_id = $1 and state = 'working'`;
    return this.#db.execute(sql, [runId]);
  }

  /** Runs that hold tasks, with those that ended long ago. */
  async listWorkingRuns(): Promise<string[]> {
    const sql = `select distinct run_id as "runId" from lightdom.agent_task where state = 'working'`;
    return (await this.#db.query(z.object({ runId: z.string() }), sql)).map(({ runId }) => runId);
  }

  /** Tasks of these sources whose fingerprint is not among those still there are gone; what a person decides on stays. */
  async markGone(
    root: string,
    seen: { readonly sources: readonly string[]; readonly fingerprints: readonly string[] },
  ): Promise<number> {
    const sql = `update lightdom.agent_task t set state = 'gone', state_reason = 'not found any more',
        updated_at = clock_timestamp()
      from lightdom.workspace w
      where w.id = t.workspace_id and w.root = $1 and t.source = any ($2)
        and t.state in ('open', 'suggested', 'verified', 'failed') and t.fingerprint <> all ($3)`;
    return this.#db.execute(sql, [root, seen.sources, seen.fingerprints]);
  }
}

async function upsertRows(db: Queryable, workspaceId: number, seeds: readonly TaskSeed[]): Promise<AgentTask[]> {
  const sql = `insert into lightdom.agent_task as t (task_id, workspace_id, fingerprint, finding_id, type, source, rule,
      category, severity, path, line, node_id, symbol, message, confidence, priority)
    select r."taskId", $2, r.fingerprint, r."findingId", r.type, r.source, r.rule, r.category, r.severity, r.path, r.line,
      r."nodeId", r.symbol, r.message, r.confidence, r.priority
    from jsonb_to_recordset($1::jsonb) as r ("taskId" text, fingerprint text, "findingId" text, type text, source text,
      rule text, category text, severity smallint, path text, line integer, "nodeId" text, symbol text, message text,
      confidence float8, priority float8)
    on conflict (workspace_id, fingerprint) do update set
      finding_id = excluded.finding_id, type = excluded.type, category = excluded.category, severity = excluded.severity,
      path = excluded.path, line = excluded.line, node_id = excluded.node_id, symbol = excluded.symbol,
      message = excluded.message, confidence = excluded.confidence, priority = excluded.priority,
      state = case t.state when 'gone' then 'open' else t.state end,
      state_reason = case t.state when 'gone' then null else t.state_reason end,
      updated_at = case t.state when 'gone' then clock_timestamp() else t.updated_at end
    returning ${COLUMNS}`;
  const rows = seeds.map((seed) => ({
    ...seed,
    taskId: newId(),
    severity: SEVERITIES.indexOf(seed.severity),
    priority: priorityOf(seed),
    path: recordText(seed.path, MAX_NAME * 4),
    symbol: recordTextOrNull(seed.symbol, MAX_NAME),
    message: recordText(seed.message, MAX_MESSAGE),
  }));
  return db.query(taskRow, sql, [JSON.stringify(rows), workspaceId]);
}

function filterValues({ root, state, severity, category, rule }: TaskFilter): unknown[] {
  const rank = severity === undefined ? null : SEVERITIES.indexOf(severity);
  return [root, state ?? null, rank, category ?? null, rule === undefined ? null : recordText(rule, MAX_NAME)];
}

async function workspaceIdOf(db: Queryable, root: string): Promise<number> {
  await db.execute('insert into lightdom.workspace (root) values ($1) on conflict do nothing', [root]);
  const sql = 'select id from lightdom.workspace where root = $1';
  const [row] = await db.query(z.object({ id: z.number() }), sql, [root]);
  if (row === undefined) throw new Error(`Workspace ${root} has no row.`);
  return row.id;
}
