import { PROVENANCES } from '../graph-schema.ts';
import type { GraphHit, GraphTraceHit } from '../graph-answers.ts';
import type { GraphView } from './graph-view.ts';
import type { TraceHit } from './reach.ts';

export function hitOf(view: GraphView, row: number): GraphHit {
  return {
    id: view.columns.nodes.id[row] ?? '',
    kind: view.kindOf(row),
    name: view.qualifiedNameOf(row),
    path: view.pathOf(row),
    line: view.lineOf(row),
  };
}

export function traceHitOf(view: GraphView, hit: TraceHit): GraphTraceHit {
  return {
    ...hitOf(view, hit.row),
    depth: hit.distance,
    via: view.edgeKindOf(hit.edge),
    provenance: PROVENANCES[hit.weakness] ?? 'dispatch',
    ...(PROVENANCES[hit.weakness] === 'dispatch' && { confidence: Math.round(hit.confidence * 100) / 100 }),
    useLine: view.columns.edges.line[hit.edge] ?? 0,
    ...(hit.way !== undefined && { way: hit.way }),
    ...(hit.distance > 1 && { through: view.qualifiedNameOf(hit.from) }),
  };
}
