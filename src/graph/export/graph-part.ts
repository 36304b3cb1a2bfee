import type { ExportFormat, ExportInput, ExportLevel } from '../export-schema.ts';
import { EDGE_KINDS, PROVENANCES } from '../graph-schema.ts';
import type { EdgeKind, Provenance } from '../graph-schema.ts';
import { kindMask } from '../query/csr.ts';
import type { GraphView } from '../query/graph-view.ts';
import { createPathFilter } from '../query/path-filter.ts';

/** What is exported of a graph: rows of nodes, and relations between them. */
export interface GraphPart {
  readonly level: ExportLevel;
  readonly nodes: readonly number[];
  readonly edges: readonly PartEdge[];
  /** Nodes that `maxNodes` left out, and edges that lead out of what `path` selects. */
  readonly hiddenNodes: number;
  readonly leavingEdges: number;
}

/** All relations of one kind from one node to another. */
export interface PartEdge {
  readonly source: number;
  readonly target: number;
  readonly kind: EdgeKind;
  /** That of the most certain of them. */
  readonly provenance: Provenance;
  readonly count: number;
  /** Where the first of them is written. */
  readonly line: number;
  readonly column: number;
}

/** More than that nobody can look at, and programs that draw refuse. */
const MOST_DRAWN = { mermaid: 100, dot: 500 } as const;

export function levelOf({ format, level }: Pick<ExportInput, 'format' | 'level'>): ExportLevel {
  return level ?? (isDrawing(format) ? 'file' : 'symbol');
}

/** Edge kinds that are wanted, as a mask. A drawing of files shows who imports whom, one of symbols no nesting. */
export function kindsOf({ format, kinds, level }: Pick<ExportInput, 'format' | 'kinds' | 'level'>): number {
  if (kinds !== undefined) return kindMask(kinds);
  if (!isDrawing(format)) return kindMask(EDGE_KINDS);
  const isOfFiles = levelOf({ format, level }) === 'file';
  return isOfFiles ? kindMask(['imports', 're-exports']) : kindMask(EDGE_KINDS.filter((kind) => kind !== 'contains'));
}

/** Rows whose files are wanted; with too many of them, those with the most relations to others of them. */
export function selectPart(view: GraphView, input: ExportInput): GraphPart {
  const level = levelOf(input);
  const isWanted = input.path === undefined ? () => true : createPathFilter(input.path);
  const rows = Array.from({ length: view.nodeCount }, (_, row) => row);
  const candidates = new Set(
    rows.filter((row) => (level === 'symbol' || view.kindOf(row) === 'file') && isWanted(view.pathOf(row))),
  );
  const { edges, leaving } = groupEdges(view, { level, candidates, mask: kindsOf(input) });
  const most = input.maxNodes ?? (isDrawing(input.format) ? MOST_DRAWN[input.format] : Infinity);
  const kept = candidates.size <= most ? candidates : mostConnected(candidates, edges, most);
  return {
    level,
    nodes: [...kept],
    edges: edges.filter(({ source, target }) => kept.has(source) && kept.has(target)),
    hiddenNodes: candidates.size - kept.size,
    leavingEdges: leaving,
  };
}

function isDrawing(format: ExportFormat): format is keyof typeof MOST_DRAWN {
  return format === 'mermaid' || format === 'dot';
}

interface Wanted {
  readonly level: ExportLevel;
  readonly candidates: ReadonlySet<number>;
  readonly mask: number;
}

function groupEdges(view: GraphView, { level, candidates, mask }: Wanted) {
  const { edges } = view.columns;
  const nodeOf = level === 'file' ? fileNodes(view) : (row: number): number => row;
  const groups = new Map<string, PartEdge>();
  let leaving = 0;
  for (let edge = 0; edge < edges.count; edge += 1) {
    if (((mask >> (edges.kind[edge] ?? 0)) & 1) === 0) continue;
    const source = nodeOf(edges.source[edge] ?? -1);
    const target = nodeOf(edges.target[edge] ?? -1);
    const ends = Number(candidates.has(source)) + Number(candidates.has(target));
    if (ends === 1) leaving += 1;
    if (ends < 2 || (level === 'file' && source === target)) continue;
    const key = `${source} ${target} ${edges.kind[edge] ?? 0}`;
    groups.set(key, merged(view, edge, groups.get(key) ?? { source, target }));
  }
  return { edges: [...groups.values()], leaving };
}

function merged(view: GraphView, edge: number, former: PartEdge | Pick<PartEdge, 'source' | 'target'>): PartEdge {
  const { provenance, line, column } = view.columns.edges;
  const own = PROVENANCES[provenance[edge] ?? 0] ?? 'dispatch';
  const place = { line: line[edge] ?? 0, column: column[edge] ?? 0 };
  if (!('count' in former)) return { ...former, kind: view.edgeKindOf(edge), provenance: own, count: 1, ...place };
  const isWeaker = PROVENANCES.indexOf(own) < PROVENANCES.indexOf(former.provenance);
  return { ...former, count: former.count + 1, provenance: isWeaker ? own : former.provenance };
}

/** From a node to that of its file. */
function fileNodes(view: GraphView): (row: number) => number {
  const rows = view.columns.files.map(({ path }) => view.rowOfFile(path) ?? -1);
  return (row) => rows[view.columns.nodes.file[row] ?? -1] ?? -1;
}

function mostConnected(candidates: ReadonlySet<number>, edges: readonly PartEdge[], most: number): Set<number> {
  const degrees = new Map<number, number>();
  for (const { source, target } of edges) {
    for (const row of [source, target]) degrees.set(row, (degrees.get(row) ?? 0) + 1);
  }
  const ranked = [...candidates].toSorted((a, b) => (degrees.get(b) ?? 0) - (degrees.get(a) ?? 0) || a - b);
  return new Set(ranked.slice(0, most).toSorted((a, b) => a - b));
}
