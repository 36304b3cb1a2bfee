import { z } from 'zod';
import type { Database } from '../core/db/index.ts';
import { newId } from '../core/ids.ts';
import { agentAttemptSchema, ATTEMPT_OUTCOMES, fixabilitySchema } from './agent-schema.ts';
import type { AgentAttempt, AttemptOutcome } from './agent-schema.ts';
import { recordJson, recordText, recordTextOrNull } from './stored-record.ts';
import { verifyReportSchema } from './verify/verify-report.ts';

export interface NewAttempt extends Pick<AgentAttempt, 'number' | 'patcher' | 'baseCommit' | 'seed'> {
  readonly taskId: string;
  readonly runId?: string | undefined;
}

/** How an attempt ended. What is not given stays empty. */
export interface AttemptEnd
  extends
    Pick<AgentAttempt, 'patcher' | 'fixer' | 'title' | 'reason' | 'patch' | 'report' | 'fixability' | 'provider'>,
    Partial<Pick<AgentAttempt, 'files' | 'addedLines' | 'removedLines' | 'usd' | 'tokens' | 'steps'>> {
  readonly outcome: AttemptOutcome;
}

const MAX_NAME = 300;
const MAX_REASON = 2_000;
const MAX_PATCH = 200_000;
const MAX_FILES = 200;

const moment = (column: string): string => `to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

const COLUMNS = `a.attempt_id as "attemptId", a.number, a.run_id as "runId", a.patcher, a.fixer, a.title, a.outcome, a.reason,
  a.base_commit as "baseCommit", a.files, a.added_lines as "addedLines", a.removed_lines as "removedLines", a.patch, a.report,
  a.fixability, a.provider, a.usd, a.tokens::float8 as tokens, a.steps, a.seed::float8 as seed,
  ${moment('a.started_at')} as "startedAt", ${moment('a.ended_at')} as "endedAt"`;

const text = z
  .string()
  .nullable()
  .transform((value) => value ?? undefined);
const attemptRow = agentAttemptSchema.extend({
  runId: text,
  fixer: text,
  title: text,
  outcome: z
    .enum(ATTEMPT_OUTCOMES)
    .nullable()
    .transform((value) => value ?? undefined),
  reason: text,
  patch: text,
  report: verifyReportSchema.nullable().transform((value) => value ?? undefined),
  fixability: fixabilitySchema.nullable().transform((value) => value ?? undefined),
  provider: text,
  endedAt: text,
});

/** What all ended attempts of a workspace came to. */
export interface AttemptTotals {
  readonly outcomes: Readonly<Record<AttemptOutcome, number>>;
  readonly usd: number;
  readonly tokens: number;
}

/** Attempts in Postgres, with their evidence. */
export class AttemptStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Before anything is done; a repeated attempt of the same number is the same row, begun anew. */
  async start({ taskId, number, patcher, baseCommit, seed, runId }: NewAttempt): Promise<AgentAttempt> {
    const sql = `insert into lightdom.agent_attempt as a (attempt_id, task_id, number, run_id, patcher, base_commit, seed)
      values ($1, $2, $3, $4, $5, $6, $7)
      on conflict (task_id, number) do update set run_id = excluded.run_id, patcher = excluded.patcher,
        base_commit = excluded.base_commit, seed = excluded.seed, started_at = clock_timestamp(), outcome = null,
        ended_at = null
      returning ${COLUMNS}`;
    const values = [newId(), taskId, number, runId ?? null, patcher, baseCommit, seed];
    const [row] = await this.#db.query(attemptRow, sql, values);
    if (row === undefined) throw new Error(`Attempt ${number} at task ${taskId} was not stored.`);
    return row;
  }

  /** Undefined when it has ended before: the first end stays. */
  async end(attemptId: string, end: AttemptEnd): Promise<AgentAttempt | undefined> {
    const sql = `update lightdom.agent_attempt a set outcome = $2, ended_at = clock_timestamp(), fixer = $3, title = $4,
        reason = $5, provider = $6, patch = $7, files = $8, added_lines = $9, removed_lines = $10, report = $11,
        fixability = $12, usd = $13, tokens = $14, steps = $15, patcher = $16
      where a.attempt_id = $1 and a.outcome is null returning ${COLUMNS}`;
    const { addedLines = 0, removedLines = 0, usd = 0, tokens = 0, steps = 0 } = end;
    const values = [...textsOf(end), addedLines, removedLines, ...jsonOf(end), usd, tokens, steps];
    return (await this.#db.query(attemptRow, sql, [attemptId, end.outcome, ...values, end.patcher]))[0];
  }

  /** Attempts of a run that is over, and that say of themselves that they go on, are cancelled; returns how many. */
  async cancelOpen(runId: string): Promise<number> {
    const sql = `update lightdom.agent_attempt set outcome = 'cancelled', reason = 'the run that made it ended',
      ended_at = clock_timestamp() where run_id = $1 and outcome is null`;
    return this.#db.execute(sql, [runId]);
  }

  async find(attemptId: string): Promise<AgentAttempt | undefined> {
    const sql = `select ${COLUMNS} from lightdom.agent_attempt a where a.attempt_id = $1`;
    return (await this.#db.query(attemptRow, sql, [recordText(attemptId, MAX_NAME)]))[0];
  }

  /** Newest first. */
  async listOf(taskId: string, limit: number): Promise<AgentAttempt[]> {
    const sql = `select ${COLUMNS} from lightdom.agent_attempt a where a.task_id = $1 order by a.number desc limit $2`;
    return this.#db.query(attemptRow, sql, [taskId, limit]);
  }

  async totals(root: string): Promise<AttemptTotals> {
    const sql = `select a.outcome, count(*)::integer as count, sum(a.usd)::float8 as usd, sum(a.tokens)::float8 as tokens
      from lightdom.agent_attempt a join lightdom.agent_task t on t.task_id = a.task_id
        join lightdom.workspace w on w.id = t.workspace_id
      where w.root = $1 and a.outcome is not null group by a.outcome`;
    const outcomes = { verified: 0, failed: 0, refused: 0, unproven: 0, no_fix: 0, suggestion: 0, cancelled: 0 };
    const spent = { usd: 0, tokens: 0 };
    for (const { outcome, count, usd, tokens } of await this.#db.query(totalRow, sql, [root])) {
      outcomes[outcome] = count;
      spent.usd += usd;
      spent.tokens += tokens;
    }
    return { outcomes, ...spent };
  }
}

const totalRow = z.object({
  outcome: z.enum(ATTEMPT_OUTCOMES),
  count: z.number(),
  usd: z.number(),
  tokens: z.number(),
});

/** Parameters 3 to 8. */
function textsOf({ fixer, title, reason, provider, patch, files = [] }: AttemptEnd): unknown[] {
  return [
    recordTextOrNull(fixer, MAX_NAME),
    recordTextOrNull(title, MAX_NAME),
    recordTextOrNull(reason, MAX_REASON),
    recordTextOrNull(provider, MAX_NAME),
    recordTextOrNull(patch, MAX_PATCH),
    files.slice(0, MAX_FILES).map((path) => recordText(path, MAX_NAME)),
  ];
}

function jsonOf({ report, fixability }: AttemptEnd): (string | null)[] {
  return [report, fixability].map((value) => (value === undefined ? null : recordJson(value)));
}
