import type { GraphView } from '../query/graph-view.ts';
import type { GraphPart, PartEdge } from './graph-part.ts';

/** One JSON document, a node or an edge a line, so that it can be read line by line as well. */
export function* jsonExport(view: GraphView, part: GraphPart, workspace: string): Generator<string> {
  const { engine } = view.columns;
  const { generation, indexedAt } = view;
  const head = { format: 'lightdom-graph', version: 1, workspace, generation, indexedAt, engine, level: part.level };
  yield `${JSON.stringify(head).slice(0, -1)},\n"nodes":[`;
  yield* listed(part.nodes, (row) => nodeOf(view, row));
  yield '],\n"edges":[';
  yield* listed(part.edges, (edge) => edgeOf(view, edge));
  yield ']}\n';
}

function* listed<T>(items: readonly T[], shape: (item: T) => object): Generator<string> {
  for (const [at, item] of items.entries()) yield `${at === 0 ? '' : ','}\n${JSON.stringify(shape(item))}`;
}

function nodeOf(view: GraphView, row: number): object {
  const { id, signature, doc, column } = view.columns.nodes;
  const container = view.containerOf(row);
  return {
    id: id[row] ?? '',
    kind: view.kindOf(row),
    name: view.qualifiedNameOf(row),
    path: view.pathOf(row),
    line: view.lineOf(row),
    column: column[row] ?? 1,
    ...(container >= 0 && { container: id[container] ?? '' }),
    ...(view.isExported(row) && { exported: true }),
    ...(signature[row] !== '' && { signature: signature[row] }),
    ...(doc[row] !== '' && { doc: doc[row] }),
    ...(container < 0 && { state: view.fileOf(row).state }),
  };
}

function edgeOf(view: GraphView, { source, target, kind, provenance, count, line, column }: PartEdge): object {
  const { id } = view.columns.nodes;
  return { source: id[source] ?? '', target: id[target] ?? '', kind, provenance, count, line, column };
}
