import { z } from 'zod';
import { storableText } from '../core/db/index.ts';
import type { Database, Queryable } from '../core/db/index.ts';
import { newId } from '../core/ids.ts';
import { findingSchema, FINDING_STATES, SEVERITIES } from './finding-schema.ts';
import type { Finding, FindingCounts, FindingListInput, FindingSource } from './finding-schema.ts';
import type { MergedFinding } from './fingerprint.ts';

export interface Collection {
  readonly root: string;
  readonly runId: string;
  readonly generation: number | undefined;
  readonly findings: readonly MergedFinding[];
  /** Of these, what was not seen again is fixed. */
  readonly completeSources: readonly FindingSource[];
}

/** What a collection changed. */
export interface CollectionCounts {
  readonly fresh: number;
  readonly seenAgain: number;
  readonly reopened: number;
  readonly fixed: number;
  readonly ignored: number;
}

export interface FindingFilter extends Pick<FindingListInput, 'state' | 'severity' | 'category' | 'source' | 'rule'> {
  readonly root: string;
  readonly paths: readonly string[] | undefined;
}

export type FindingPosition =
  | { readonly order: 'gravest'; readonly severity: number; readonly path: string; readonly findingId: string }
  | { readonly order: 'newest'; readonly firstSeenAt: string; readonly findingId: string };

export interface FindingPage {
  readonly order: FindingListInput['order'];
  readonly after: FindingPosition | undefined;
  readonly limit: number;
}

/** One statement takes so many rows. */
const ROWS_AT_ONCE = 1_000;

const moment = (column: string): string => `to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

const COLUMNS = `f.finding_id as "findingId", f.source, f.rule, f.category, f.severity, f.path, f.line,
  f.node_id as "nodeId", f.symbol, f.message, f.suggestion, f.evidence, f.occurrences, f.state,
  f.state_reason as reason, f.first_generation as "firstGeneration", f.last_generation as "lastGeneration",
  ${moment('f.first_seen_at')} as "firstSeenAt", ${moment('f.last_seen_at')} as "lastSeenAt",
  ${moment('f.fixed_at')} as "fixedAt"`;

const text = z
  .string()
  .nullable()
  .transform((value) => value ?? undefined);
const integer = z
  .number()
  .nullable()
  .transform((value) => value ?? undefined);
const findingRow = findingSchema.extend({
  severity: z.number().transform((rank) => SEVERITIES[rank] ?? 'info'),
  line: integer,
  nodeId: text,
  symbol: text,
  suggestion: text,
  reason: text,
  firstGeneration: integer,
  lastGeneration: integer,
  fixedAt: text,
});

const FROM = `from lightdom.finding f join lightdom.workspace w on w.id = f.workspace_id
  where w.root = $1 and f.state = $2
    and ($3::smallint is null or f.severity <= $3)
    and ($4::text is null or f.category = $4)
    and ($5::text is null or f.source = $5)
    and ($6::text is null or f.rule = $6)
    and ($7::text[] is null or f.path = any ($7))`;

/** Findings in Postgres: what collections bring, kept apart by fingerprint. */
export class FindingStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Brings in what a collection found, within its transaction. May be repeated for the same run. */
  async merge(db: Queryable, collection: Collection): Promise<CollectionCounts> {
    const workspaceId = await workspaceIdOf(db, collection.root);
    const seen = { open: 0, fixed: 0, ignored: 0 };
    const { findings } = collection;
    for (let at = 0; at < findings.length; at += ROWS_AT_ONCE) {
      const some = findings.slice(at, at + ROWS_AT_ONCE);
      for (const { state, count } of await countSeen(db, workspaceId, some)) seen[state] += count;
      await upsert(db, workspaceId, { ...collection, findings: some });
    }
    const sql = `update lightdom.finding set state = 'fixed', fixed_at = clock_timestamp()
      where workspace_id = $1 and source = any ($2) and state = 'open' and last_run_id <> $3`;
    const fixed = await db.execute(sql, [workspaceId, collection.completeSources, collection.runId]);
    const fresh = findings.length - seen.open - seen.fixed - seen.ignored;
    return { fresh, seenAgain: seen.open, reopened: seen.fixed, fixed, ignored: seen.ignored };
  }

  async list(filter: FindingFilter, { order, after, limit }: FindingPage): Promise<Finding[]> {
    const values = filterValues(filter);
    if (order === 'gravest') {
      const key = after?.order === 'gravest' ? [after.severity, after.path, after.findingId] : [null, null, null];
      const sql = `select ${COLUMNS} ${FROM}
          and ($8::smallint is null or (f.severity, f.path, f.finding_id) > ($8, $9::text collate "C", $10::text))
        order by f.severity, f.path, f.finding_id limit $11`;
      return this.#db.query(findingRow, sql, [...values, ...key, limit]);
    }
    const key = after?.order === 'newest' ? [after.firstSeenAt, after.findingId] : [null, null];
    const sql = `select ${COLUMNS} ${FROM}
        and ($8::timestamptz is null or (f.first_seen_at, f.finding_id) < ($8, $9::text))
      order by f.first_seen_at desc, f.finding_id desc limit $10`;
    return this.#db.query(findingRow, sql, [...values, ...key, limit]);
  }

  async count(filter: FindingFilter): Promise<number> {
    const sql = `select count(*)::integer as total ${FROM}`;
    return (await this.#db.query(z.object({ total: z.number() }), sql, filterValues(filter)))[0]?.total ?? 0;
  }

  /** Of a whole workspace. */
  async countByState(root: string): Promise<FindingCounts> {
    const sql = `select f.state, count(*)::integer as count
      from lightdom.finding f join lightdom.workspace w on w.id = f.workspace_id where w.root = $1 group by f.state`;
    const counts = { open: 0, fixed: 0, ignored: 0 };
    for (const { state, count } of await this.#db.query(stateCount, sql, [root])) counts[state] = count;
    return counts;
  }

  /** Every path that some finding of the workspace is in. */
  async listPaths(root: string): Promise<string[]> {
    const sql = `select distinct f.path from lightdom.finding f join lightdom.workspace w on w.id = f.workspace_id
      where w.root = $1`;
    return (await this.#db.query(z.object({ path: z.string() }), sql, [root])).map(({ path }) => path);
  }

  async find(findingId: string): Promise<Finding | undefined> {
    const sql = `select ${COLUMNS} from lightdom.finding f where f.finding_id = $1`;
    return (await this.#db.query(findingRow, sql, [storableText(findingId)]))[0];
  }

  /** Undefined when it is fixed, or not there. */
  async setState(
    findingId: string,
    state: 'open' | 'ignored',
    reason: string | undefined,
  ): Promise<Finding | undefined> {
    const sql = `update lightdom.finding f set state = $2, state_reason = $3
      where f.finding_id = $1 and f.state <> 'fixed' returning ${COLUMNS}`;
    const stored = reason === undefined ? null : storableText(reason);
    return (await this.#db.query(findingRow, sql, [storableText(findingId), state, stored]))[0];
  }
}

const stateCount = z.object({ state: z.enum(FINDING_STATES), count: z.number() });

function countSeen(db: Queryable, workspaceId: number, findings: readonly MergedFinding[]) {
  const sql = `select state, count(*)::integer as count from lightdom.finding
    where workspace_id = $1 and fingerprint = any ($2) group by state`;
  return db.query(stateCount, sql, [workspaceId, findings.map(({ fingerprint }) => fingerprint)]);
}

async function upsert(db: Queryable, workspaceId: number, { findings, generation, runId }: Collection): Promise<void> {
  const rows = findings.map((finding) => ({
    ...finding,
    findingId: newId(),
    severity: SEVERITIES.indexOf(finding.severity),
  }));
  const sql = `insert into lightdom.finding as f (finding_id, workspace_id, fingerprint, source, rule, category, severity,
      path, line, node_id, symbol, message, suggestion, evidence, occurrences, first_generation, last_generation, last_run_id)
    select r."findingId", $2, r.fingerprint, r.source, r.rule, r.category, r.severity, r.path, r.line, r."nodeId", r.symbol,
      r.message, r.suggestion, r.evidence, r.occurrences, $3, $3, $4
    from jsonb_to_recordset($1::jsonb) as r ("findingId" text, fingerprint text, source text, rule text, category text,
      severity smallint, path text, line integer, "nodeId" text, symbol text, message text, suggestion text,
      evidence jsonb, occurrences integer)
    on conflict (workspace_id, fingerprint) do update set
      category = excluded.category, severity = excluded.severity, line = excluded.line, node_id = excluded.node_id,
      symbol = excluded.symbol, message = excluded.message, suggestion = excluded.suggestion,
      evidence = excluded.evidence, occurrences = excluded.occurrences, last_generation = excluded.last_generation,
      last_seen_at = clock_timestamp(), last_run_id = excluded.last_run_id, fixed_at = null,
      state = case f.state when 'ignored' then 'ignored' else 'open' end`;
  // A text that Postgres can't hold is escaped in JSON, where \\u0000 must not stand either.
  const json = storableText(JSON.stringify(rows)).replaceAll('\\u0000', '\\ufffd');
  await db.execute(sql, [json, workspaceId, generation ?? null, runId]);
}

function filterValues({ root, state, severity, category, source, rule, paths }: FindingFilter): unknown[] {
  const rank = severity === undefined ? null : SEVERITIES.indexOf(severity);
  return [root, state, rank, category ?? null, source ?? null, rule ?? null, paths ?? null];
}

async function workspaceIdOf(db: Queryable, root: string): Promise<number> {
  await db.execute('insert into lightdom.workspace (root) values ($1) on conflict do nothing', [root]);
  const sql = 'select id from lightdom.workspace where root = $1';
  const [row] = await db.query(z.object({ id: z.number() }), sql, [root]);
  if (row === undefined) throw new Error(`Workspace ${root} has no row.`);
  return row.id;
}
