import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { encodeRows, storableText, throwIfCancelled } from '../core/db/index.ts';
import type { Database, Queryable } from '../core/db/index.ts';
import { ENGINES } from './graph-schema.ts';
import { NO_FILE } from './graph-schema.ts';
import type { GraphColumns } from './graph-schema.ts';
import { decodeRows } from './store/copy-reader.ts';
import { graphCounts } from './store/graph-counts.ts';
import { writePatch } from './store/patch-store.ts';
import type { StoredPatch } from './store/patch-store.ts';
import { EDGE_COLUMNS, edgeRowReader, edgeRowWriter, emptyEdges } from './store/edge-rows.ts';
import { FILE_COLUMNS, fileRowReader, fileRowWriter } from './store/file-rows.ts';
import { emptyNodes, NODE_COLUMNS, nodeRowReader, nodeRowWriter } from './store/node-rows.ts';

const TABLES = ['graph_file', 'graph_node', 'graph_edge'] as const;
type Table = (typeof TABLES)[number];

/** How long a publication tries to lock the parent tables for dropping before it leaves that to the next one. */
const DROP_PATIENCE_MS = 2_000;
const DROP_RETRY_MS = 50;

const summarySchema = z.object({
  generation: z.number().int(),
  root: z.string(),
  runId: z.string(),
  engine: z.enum(ENGINES),
  files: z.number().int(),
  typed: z.number().int(),
  syntax: z.number().int(),
  unresolved: z.number().int(),
  nodes: z.number().int(),
  edges: z.number().int(),
  unresolvedPackages: z.array(z.string()),
  warnings: z.array(z.string()),
  /** When it was indexed or last patched. */
  publishedAt: z.date().transform((date) => date.toISOString()),
  /** Patches so far. */
  revision: z.number().int(),
  /** Rows of nodes and of files, with those that a patch has left empty. */
  nodeRows: z.number().int(),
  fileRows: z.number().int(),
});
/** What is known of a published generation without loading it. */
export type GenerationSummary = z.output<typeof summarySchema>;

export interface Publication {
  /** Absolute real path of the workspace. */
  readonly root: string;
  readonly runId: string;
  readonly columns: GraphColumns;
}

export interface LoadedGeneration {
  readonly summary: GenerationSummary;
  readonly columns: GraphColumns;
}

const SUMMARY = `select g.id as generation, w.root, g.run_id as "runId", g.engine, g.files, g.typed, g.syntax,
    g.unresolved, g.nodes, g.edges, g.unresolved_packages as "unresolvedPackages", g.warnings,
    coalesce(g.patched_at, g.published_at) as "publishedAt", g.revision, g.node_rows as "nodeRows",
    g.file_rows as "fileRows"
  from lightdom.graph_generation g join lightdom.workspace w on w.id = g.workspace_id`;

/** Generations of workspaces in Postgres. Each generation is three partitions that are filled before anyone sees them. */
export class GraphStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /**
   * Makes `columns` the published generation of its workspace and drops the one before, in one transaction: a crash
   * leaves the old one as it was. A run that has published gets its generation back, so that it can be repeated.
   */
  async publish(publication: Publication, signal: AbortSignal): Promise<GenerationSummary> {
    return this.#db.transaction(async (transaction) => {
      const workspaceId = await lockWorkspace(transaction, publication.root);
      const published = await findByRun(transaction, publication.runId);
      if (published !== undefined) return published;
      const generation = await insertGeneration(transaction, workspaceId, publication);
      await fillTables(transaction, { generation, columns: publication.columns, signal });
      throwIfCancelled(signal);
      await swap(transaction, workspaceId, generation);
      const summary = await findByRun(transaction, publication.runId);
      if (summary === undefined) throw new Error(`Generation ${generation} is gone while it is published.`);
      return summary;
    });
  }

  /** Makes the published generation the next revision of itself. False when it is another one by now, and nothing is done. */
  async patch(patch: StoredPatch): Promise<boolean> {
    return this.#db.transaction((transaction) => writePatch(transaction, patch));
  }

  /** The published generation of a workspace, if it was ever indexed. */
  async find(root: string): Promise<GenerationSummary | undefined> {
    const sql = `${SUMMARY} where w.root = $1 and w.published_generation = g.id`;
    return (await this.#db.query(summarySchema, sql, [root]))[0];
  }

  /** The generation that a run published, while it is the current one. */
  async findByRun(runId: string): Promise<GenerationSummary | undefined> {
    return findByRun(this.#db, runId);
  }

  /** All of the published generation. The row lock holds off the publication that would drop it meanwhile. */
  async load(root: string): Promise<LoadedGeneration | undefined> {
    return this.#db.transaction(async (transaction) => {
      const sql = 'select published_generation as id from lightdom.workspace where root = $1 for share';
      const [workspace] = await transaction.query(z.object({ id: z.number().nullable() }), sql, [root]);
      if (workspace === undefined || workspace.id === null) return undefined;
      const [summary] = await transaction.query(summarySchema, `${SUMMARY} where g.id = $1`, [workspace.id]);
      if (summary === undefined) throw new Error(`Generation ${workspace.id} is published but has no row.`);
      return { summary, columns: await readTables(transaction, summary) };
    });
  }
}

/** One publication a workspace at a time; returns the workspace's id. */
async function lockWorkspace(transaction: Queryable, root: string): Promise<number> {
  await transaction.execute(`select pg_advisory_xact_lock(hashtextextended('lightdom.graph:' || $1, 0))`, [root]);
  await transaction.execute('insert into lightdom.workspace (root) values ($1) on conflict do nothing', [root]);
  const id = z.object({ id: z.number() });
  const [row] = await transaction.query(id, 'select id from lightdom.workspace where root = $1', [root]);
  if (row === undefined) throw new Error(`Workspace ${root} has no row.`);
  return row.id;
}

async function findByRun(db: Queryable, runId: string): Promise<GenerationSummary | undefined> {
  return (await db.query(summarySchema, `${SUMMARY} where g.run_id = $1`, [runId]))[0];
}

async function insertGeneration(db: Queryable, workspaceId: number, publication: Publication): Promise<number> {
  const { engine, unresolvedPackages, warnings } = publication.columns;
  const counts = graphCounts(publication.columns);
  const sql = `insert into lightdom.graph_generation (workspace_id, run_id, engine, files, typed, syntax, unresolved,
      nodes, edges, node_rows, file_rows, unresolved_packages, warnings, published_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $8, $4, $10, $11, clock_timestamp()) returning id`;
  const [row] = await db.query(z.object({ id: z.number() }), sql, [
    workspaceId,
    publication.runId,
    engine,
    counts.files,
    counts.typed,
    counts.syntax,
    counts.unresolved,
    counts.nodes,
    counts.edges,
    JSON.stringify(unresolvedPackages.map(storableText)),
    JSON.stringify(warnings.map(storableText)),
  ]);
  if (row === undefined) throw new Error('The generation was not inserted.');
  return row.id;
}

interface Filling {
  readonly generation: number;
  readonly columns: GraphColumns;
  readonly signal: AbortSignal;
}

/** Tables made in this transaction can be filled frozen: never visited by a vacuum, no hint bits to write later. */
async function fillTables(db: Queryable, { generation, columns, signal }: Filling): Promise<void> {
  for (const table of TABLES) {
    const name = partition(table, generation);
    await db.execute(`create table ${name} (like lightdom.${table} including constraints)`);
    await db.execute(`alter table ${name} alter generation set default ${generation},
      add constraint one_generation check (generation = ${generation})`);
  }
  const { files, nodes, edges } = columns;
  const copyIn = `(format binary, freeze)`;
  const fileRows = encodeRows(files.length, fileRowWriter(files), signal);
  await db.copyIn(`copy ${columnsOf('graph_file', generation)} from stdin ${copyIn}`, fileRows);
  const nodeRows = encodeRows(nodes.count, nodeRowWriter(nodes), signal);
  await db.copyIn(`copy ${columnsOf('graph_node', generation)} from stdin ${copyIn}`, nodeRows);
  const edgeRows = encodeRows(edges.count, edgeRowWriter(edges), signal);
  await db.copyIn(`copy ${columnsOf('graph_edge', generation)} from stdin ${copyIn}`, edgeRows);
  await createIndexes(db, generation);
}

/** The same as on the parents, so that attaching takes them over instead of building them under its lock. */
async function createIndexes(db: Queryable, generation: number): Promise<void> {
  const edge = partition('graph_edge', generation);
  await db.execute(`alter table ${partition('graph_file', generation)} add primary key (generation, file_index)`);
  await db.execute(`alter table ${partition('graph_node', generation)} add primary key (generation, node_index)`);
  await db.execute(`create index on ${edge} (target, kind) include (source)`);
  await db.execute(`create index on ${edge} using brin (file) with (pages_per_range = 16)`);
}

async function swap(db: Queryable, workspaceId: number, generation: number): Promise<void> {
  const point = 'update lightdom.workspace set published_generation = $2 where id = $1';
  await db.execute(point, [workspaceId, generation]);
  const canDrop = await lockParents(db);
  for (const table of TABLES) {
    const name = partition(table, generation);
    await db.execute(`alter table lightdom.${table} attach partition ${name} for values in (${generation})`);
    await db.execute(`alter table ${name} drop constraint one_generation`);
  }
  if (canDrop) await dropOthers(db, workspaceId, generation);
}

/**
 * Dropping a partition needs an exclusive lock on its parent. Waiting for one while holding another could deadlock with
 * a reader of several tables, so all are taken at once or none. Without them the old partitions stay for the next time.
 */
async function lockParents(db: Queryable): Promise<boolean> {
  const locked = z.object({ locked: z.boolean() });
  const deadline = performance.now() + DROP_PATIENCE_MS;
  for (;;) {
    const [row] = await db.query(locked, 'select lightdom.try_lock_graph_tables() as locked');
    if (row?.locked === true) return true;
    if (performance.now() > deadline) return false;
    await delay(DROP_RETRY_MS);
  }
}

async function dropOthers(db: Queryable, workspaceId: number, generation: number): Promise<void> {
  const sql = 'delete from lightdom.graph_generation where workspace_id = $1 and id <> $2 returning id';
  const retired = await db.query(z.object({ id: z.number() }), sql, [workspaceId, generation]);
  for (const { id } of retired) {
    for (const table of TABLES) await db.execute(`drop table ${partition(table, id)}`);
  }
}

/** Reads the partitions themselves: only so does Postgres send the rows in the order in which they were written. */
async function readTables(db: Queryable, summary: GenerationSummary): Promise<GraphColumns> {
  const { generation } = summary;
  await db.execute('set local synchronize_seqscans = off');
  const files = Array.from({ length: summary.fileRows }, () => NO_FILE);
  const nodes = emptyNodes(summary.nodeRows);
  const edges = emptyEdges(summary.edges);
  const fileRows = db.copyOut(`copy ${columnsOf('graph_file', generation)} to stdout (format binary)`);
  expectRows('graph_file', summary.files, await decodeRows(fileRows, fileRowReader(files)));
  const nodeRows = db.copyOut(`copy ${columnsOf('graph_node', generation)} to stdout (format binary)`);
  expectRows('graph_node', summary.nodes, await decodeRows(nodeRows, nodeRowReader(nodes)));
  const edgeRows = db.copyOut(`copy ${columnsOf('graph_edge', generation)} to stdout (format binary)`);
  expectRows('graph_edge', summary.edges, await decodeRows(edgeRows, edgeRowReader(edges)));
  const { engine, unresolvedPackages, warnings } = summary;
  return { engine, files, nodes, edges, unresolvedPackages, warnings };
}

function expectRows(table: Table, expected: number, actual: number): void {
  if (actual !== expected) throw new Error(`${table} holds ${actual} rows, its generation says ${expected}.`);
}

/** Generations are integers that Postgres made, so the name is safe in SQL. */
function partition(table: Table, generation: number): string {
  return `lightdom.${table}_g${generation}`;
}

const COLUMNS = { graph_file: FILE_COLUMNS, graph_node: NODE_COLUMNS, graph_edge: EDGE_COLUMNS } as const;

function columnsOf(table: Table, generation: number): string {
  return `${partition(table, generation)} (${COLUMNS[table].join(', ')})`;
}
