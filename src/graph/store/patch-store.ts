import { z } from 'zod';
import { encodeRows, storableText } from '../../core/db/index.ts';
import type { Queryable } from '../../core/db/index.ts';
import type { GraphColumns } from '../graph-schema.ts';
import type { RowChanges } from '../query/row-changes.ts';
import { EDGE_COLUMNS, edgeRowWriter } from './edge-rows.ts';
import { FILE_COLUMNS, fileRowWriter } from './file-rows.ts';
import type { GraphCounts } from './graph-counts.ts';
import { NODE_COLUMNS, nodeRowWriter } from './node-rows.ts';

export interface StoredPatch {
  readonly generation: number;
  /** That the patch was made for. */
  readonly revision: number;
  /** With the patch. */
  readonly columns: GraphColumns;
  readonly changes: RowChanges;
  /** Of the columns. */
  readonly counts: GraphCounts;
}

/** Replaces what a patch changes. False when the generation is not published, or not in that revision, any more. */
export async function writePatch(db: Queryable, patch: StoredPatch): Promise<boolean> {
  const { generation, revision, columns, changes, counts } = patch;
  const sql = `update lightdom.graph_generation g set revision = revision + 1, patched_at = clock_timestamp(),
      files = $3, typed = $4, syntax = $5, unresolved = $6, nodes = $7, edges = $8, node_rows = $9, file_rows = $10,
      unresolved_packages = $11
    where g.id = $1 and g.revision = $2
      and exists (select from lightdom.workspace w where w.published_generation = g.id) returning g.id`;
  const packages = JSON.stringify(columns.unresolvedPackages.map(storableText));
  const parameters = [counts.files, counts.typed, counts.syntax, counts.unresolved, counts.nodes, counts.edges];
  const rows = [columns.nodes.count, columns.files.length, packages];
  const updated = await db.query(z.object({ id: z.number() }), sql, [generation, revision, ...parameters, ...rows]);
  if (updated.length === 0) return false;
  const partition = (table: string): string => `lightdom.${table}_g${generation}`;
  const changedFiles = [...changes.files, ...changes.removedFiles];
  await db.execute(`delete from ${partition('graph_file')} where file_index = any($1)`, [changedFiles]);
  const nodes = [...changes.changedRows, ...changes.removedRows];
  await db.execute(`delete from ${partition('graph_node')} where node_index = any($1)`, [nodes]);
  const edges = `delete from ${partition('graph_edge')} where file = any($1) or target = any($2)`;
  await db.execute(edges, [changedFiles, changes.removedRows]);
  await copy(db, {
    table: partition('graph_file'),
    names: FILE_COLUMNS,
    rows: changes.files,
    write: fileRowWriter(columns.files),
  });
  await copy(db, {
    table: partition('graph_node'),
    names: NODE_COLUMNS,
    rows: changes.changedRows,
    write: nodeRowWriter(columns.nodes),
  });
  await copy(db, {
    table: partition('graph_edge'),
    names: EDGE_COLUMNS,
    rows: changes.addedEdges,
    write: edgeRowWriter(columns.edges),
  });
  return true;
}

interface CopiedRows {
  readonly table: string;
  readonly names: readonly string[];
  readonly rows: readonly number[];
  readonly write: ReturnType<typeof nodeRowWriter>;
}

async function copy(db: Queryable, { table, names, rows, write }: CopiedRows): Promise<void> {
  if (rows.length === 0) return;
  const { signal } = new AbortController();
  const encoded = encodeRows(rows.length, (writer, at) => write(writer, rows[at] ?? 0), signal);
  await db.copyIn(`copy ${table} (${names.join(', ')}) from stdin (format binary)`, encoded);
}
