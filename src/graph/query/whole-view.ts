import { REMOVED_EDGE } from './csr.ts';
import { denseColumns } from './dense-columns.ts';
import { GraphView } from './graph-view.ts';

/** The latest of each view; a view that is gone takes it along. */
const made = new WeakMap<GraphView, GraphView>();

/** The same graph without empty rows, for questions about all of it. A view that has none is its own. */
export function wholeViewOf(view: GraphView): GraphView {
  if (!hasEmptyRows(view)) return view;
  const known = made.get(view);
  if (known?.edition === view.edition) return known;
  const { generation, indexedAt: publishedAt, revision } = view;
  const whole = new GraphView(denseColumns(view.columns), { generation, publishedAt, revision });
  made.set(view, whole);
  return whole;
}

function hasEmptyRows({ columns: { files, nodes, edges } }: GraphView): boolean {
  return nodes.id.includes('') || edges.kind.includes(REMOVED_EDGE) || files.some(({ path }) => path === '');
}
