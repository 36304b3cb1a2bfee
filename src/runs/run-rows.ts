import { z } from 'zod';
import { budgetSchema, RUN_STATUSES, runErrorSchema, runProgressSchema } from './run-schema.ts';
import type { Run } from './run-schema.ts';

/** ISO 8601 with the microseconds that `Date` would lose and paging needs. */
export function isoText(column: string): string {
  return `to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as ${column}`;
}

/** Of a table that is called `run` in the statement. */
export const RUN_COLUMNS = `run.run_id, kind, title, status, progress, attempt, input, result, error, parent_run_id,
  queue, owner, trace_parent, priority, budget, spent, extract(epoch from clock_timestamp() - run.updated_at) * 1000 as idle_ms,
  ${['deadline_at', 'created_at', 'updated_at', 'started_at', 'ended_at'].map(isoText).join(', ')},
  case when status in ('waiting_approval', 'waiting_input') then (
    select json_object_agg(key, json_build_object('message', message, 'schema', form) order by sequence)
    from lightdom.run_question asked where asked.run_id = run.run_id and asked.answer is null
  ) end as questions`;

export const UNFINISHED = `status not in ('completed', 'failed', 'cancelled')`;

const questionRow = z
  .object({ message: z.string(), schema: z.record(z.string(), z.unknown()).nullable() })
  .transform(({ message, schema }) => (schema === null ? { message } : { message, schema }));

const rowShape = z.object({
  run_id: z.string(),
  kind: z.string(),
  title: z.string(),
  status: z.enum(RUN_STATUSES),
  progress: runProgressSchema,
  attempt: z.number(),
  input: z.unknown(),
  result: z.unknown(),
  error: runErrorSchema.nullable(),
  parent_run_id: z.string().nullable(),
  queue: z.string(),
  owner: z.string(),
  trace_parent: z.string().nullable(),
  idle_ms: z.coerce.number(),
  priority: z.number(),
  budget: budgetSchema,
  spent: budgetSchema,
  questions: z.record(z.string(), questionRow).nullable(),
  deadline_at: z.string().nullable(),
  created_at: z.string(),
  updated_at: z.string(),
  started_at: z.string().nullable(),
  ended_at: z.string().nullable(),
});
export const runRow = rowShape.transform(storedRun);
export const begunRow = rowShape
  .extend({ crashes: z.number() })
  .transform((row) => ({ stored: storedRun(row), crashes: row.crashes }));

/** A run, and what only the server has to know. */
export interface StoredRun {
  readonly run: Run;
  /** Where it waits for a worker. */
  readonly queue: string;
  /** On whose behalf it was started. */
  readonly owner: string;
  /** W3C `traceparent` of what started it. */
  readonly traceParent: string | undefined;
  /** Since its row was written last. */
  readonly idleMs: number;
}

type RunRow = z.output<typeof rowShape>;

function storedRun(row: RunRow): StoredRun {
  return {
    run: runOf(row),
    queue: row.queue,
    owner: row.owner,
    traceParent: row.trace_parent ?? undefined,
    idleMs: row.idle_ms,
  };
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
    priority: row.priority,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    ...(row.result === null ? {} : { result: row.result }),
    ...(row.error === null ? {} : { error: row.error }),
    ...(row.parent_run_id === null ? {} : { parentRunId: row.parent_run_id }),
    ...(row.deadline_at === null ? {} : { deadlineAt: row.deadline_at }),
    ...(isEmpty(row.budget) ? {} : { budget: row.budget }),
    ...(isEmpty(row.spent) ? {} : { spent: row.spent }),
    ...askedOf(row),
    ...(row.started_at === null ? {} : { startedAt: row.started_at }),
    ...(row.ended_at === null ? {} : { endedAt: row.ended_at }),
  };
}

/** An approval is asked for alone. */
function askedOf({ status, questions }: RunRow): Pick<Run, 'approval' | 'questions'> {
  const asked = Object.values(questions ?? {}).at(-1);
  if (questions === null || asked === undefined) return {};
  return { ...(status === 'waiting_approval' ? { approval: asked.message } : {}), questions };
}

function isEmpty(object: object): boolean {
  return Object.keys(object).length === 0;
}
