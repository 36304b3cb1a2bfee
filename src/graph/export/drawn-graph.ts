import type { GraphView } from '../query/graph-view.ts';
import type { GraphPart, PartEdge } from './graph-part.ts';

/** A graph as programs that draw take it: short names, nodes in boxes, one line between two nodes. */
export interface DrawnGraph {
  /** Boxes with their nodes: folders with files, or files with symbols. */
  readonly groups: readonly { readonly title: string; readonly nodes: readonly DrawnNode[] }[];
  readonly lines: readonly DrawnLine[];
}

interface DrawnNode {
  readonly name: string;
  readonly label: string;
}

interface DrawnLine {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  /** Merely possible, or known by syntax alone. */
  readonly isDashed: boolean;
}

const MAX_LABEL = 80;

export function drawnGraph(view: GraphView, part: GraphPart): DrawnGraph {
  const names = new Map(part.nodes.map((row, at) => [row, `n${at}`]));
  const groups = new Map<string, DrawnNode[]>();
  for (const row of part.nodes) {
    const title = groupOf(view, row, part.level);
    const nodes = groups.get(title) ?? [];
    groups.set(title, nodes);
    nodes.push({ name: names.get(row) ?? '', label: labelOf(view, row, part.level) });
  }
  return { groups: [...groups].map(([title, nodes]) => ({ title, nodes })), lines: linesOf(part.edges, names) };
}

function groupOf(view: GraphView, row: number, level: GraphPart['level']): string {
  const path = view.pathOf(row);
  return level === 'symbol' ? path : path.slice(0, Math.max(0, path.lastIndexOf('/'))) || '.';
}

function labelOf(view: GraphView, row: number, level: GraphPart['level']): string {
  const label = level === 'file' ? view.nameOf(row) : `${view.kindOf(row)} ${view.qualifiedNameOf(row)}`;
  const plain = label.replaceAll(/\s+/g, ' ');
  return plain.length > MAX_LABEL ? `${plain.slice(0, MAX_LABEL - 1)}…` : plain;
}

function linesOf(edges: readonly PartEdge[], names: ReadonlyMap<number, string>): DrawnLine[] {
  const byEnds = new Map<string, PartEdge[]>();
  for (const edge of edges) {
    const key = `${edge.source} ${edge.target}`;
    byEnds.set(key, [...(byEnds.get(key) ?? []), edge]);
  }
  return [...byEnds.values()].map((same) => ({
    from: names.get(same[0]?.source ?? -1) ?? '',
    to: names.get(same[0]?.target ?? -1) ?? '',
    label: same.map(({ kind, count }) => (count === 1 ? kind : `${kind} ${count}`)).join(', '),
    isDashed: same.every(isUncertain),
  }));
}

/** What contains or exports something is seen in the syntax: there is nothing uncertain in it. */
function isUncertain({ kind, provenance }: PartEdge): boolean {
  return provenance !== 'typed' && kind !== 'contains' && kind !== 'exports';
}
