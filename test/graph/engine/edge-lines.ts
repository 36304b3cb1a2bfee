import { EDGE_KINDS, NODE_KINDS } from '../../../src/graph/graph-schema.ts';
import type { EdgeKind, GraphColumns } from '../../../src/graph/graph-schema.ts';

/** Edges as `kind source -> target`, sorted, each once; nodes as {@link nodeText} writes them. */
export function edgeLines(columns: GraphColumns, ...kinds: readonly EdgeKind[]): string[] {
  const { edges } = columns;
  const lines = new Set<string>();
  for (let edge = 0; edge < edges.count; edge += 1) {
    const kind = EDGE_KINDS[edges.kind[edge] ?? 0] ?? 'references';
    if (kinds.length > 0 && !kinds.includes(kind)) continue;
    const source = nodeText(columns, edges.source[edge] ?? 0);
    lines.add(`${kind} ${source} -> ${nodeText(columns, edges.target[edge] ?? 0)}`);
  }
  return [...lines].toSorted();
}

/** The targets of all edges from one node, as `kind target`. */
export function edgesFrom(columns: GraphColumns, source: string, ...kinds: readonly EdgeKind[]): string[] {
  const middle = ` ${source} -> `;
  return edgeLines(columns, ...kinds)
    .filter((line) => line.includes(middle))
    .map((line) => line.replace(middle, ' '));
}

/** The sources of all edges to one node, as `kind source`. */
export function edgesTo(columns: GraphColumns, target: string, ...kinds: readonly EdgeKind[]): string[] {
  return edgeLines(columns, ...kinds)
    .filter((line) => line.endsWith(` -> ${target}`))
    .map((line) => line.slice(0, line.indexOf(' -> ')));
}

/** Nodes as `kind path#Outer.name`, in the order of the graph. */
export function nodeLines(columns: GraphColumns): string[] {
  return columns.nodes.name.map((_, row) => `${NODE_KINDS[columns.nodes.kind[row] ?? 0]} ${nodeText(columns, row)}`);
}

/** `path#Outer.name`, without the folders that all paths of a package share; the path alone for a file. */
export function nodeText({ nodes, files }: GraphColumns, row: number): string {
  const path = (files[nodes.file[row] ?? 0]?.path ?? '').replace(/^packages\//, '').replace('/src/', '/');
  const names: string[] = [];
  for (let current = row; (nodes.container[current] ?? -1) >= 0; current = nodes.container[current] ?? -1) {
    names.unshift(nodes.name[current] ?? '');
  }
  return names.length === 0 ? path : `${path}#${names.join('.')}`;
}

/** Id of the only node with this text. */
export function idOf(columns: GraphColumns, text: string): string {
  const ids = columns.nodes.id.filter((_, row) => nodeText(columns, row) === text);
  if (ids.length !== 1) throw new Error(`${ids.length} nodes are ${text}.`);
  return ids[0] ?? '';
}
