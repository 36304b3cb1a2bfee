import type { GraphView } from '../query/graph-view.ts';

/** Lines as git counts them, 1-based and inclusive. */
export interface LineSpan {
  readonly row: number;
  readonly first: number;
  readonly last: number;
}

/** Where the declarations of a file stand in `text`, which must be the text that was indexed; containers first. */
export function spansIn(view: GraphView, fileRow: number, text: string): LineSpan[] {
  const starts = lineStarts(text);
  const { nodes } = view.columns;
  return rowsIn(view, fileRow).map((row) => ({
    row,
    first: lineAt(starts, nodes.start[row] ?? 0),
    last: lineAt(starts, Math.max(nodes.start[row] ?? 0, (nodes.end[row] ?? 0) - 1)),
  }));
}

/** Where they roughly stand when the text is not at hand: from the line of the name to that of the next name. */
export function spansByNames(view: GraphView, fileRow: number): LineSpan[] {
  const rows = rowsIn(view, fileRow).toSorted((a, b) => view.lineOf(a) - view.lineOf(b));
  return rows.map((row, at) => {
    const next = rows[at + 1];
    const end = next === undefined ? view.fileOf(fileRow).lines : view.lineOf(next) - 1;
    return { row, first: view.lineOf(row), last: Math.max(view.lineOf(row), end) };
  });
}

/** Innermost declarations by line; a line on which one begins or ends is also its own, whatever else begins there. */
export function ownersByLine(view: GraphView, spans: readonly LineSpan[]): ReadonlyMap<number, ReadonlySet<number>> {
  const owners = new Map<number, Set<number>>();
  const spanOf = new Map(spans.map((span) => [span.row, span]));
  for (const { row, first, last } of spans) {
    const outer = spanOf.get(view.containerOf(row));
    for (let line = first; line <= last; line += 1) {
      const rows = owners.get(line) ?? new Set<number>();
      owners.set(line, rows);
      if (outer !== undefined && outer.first < line && line < outer.last) rows.delete(outer.row);
      rows.add(row);
    }
  }
  return owners;
}

/** The innermost declaration that goes on from a line to the next: where something was put or taken away between them. */
export function ownerBetween(spans: readonly LineSpan[], line: number): number | undefined {
  return spans.findLast(({ first, last }) => first <= line && line < last)?.row;
}

function rowsIn(view: GraphView, fileRow: number): number[] {
  const { start } = view.columns.nodes;
  const rows = view.withDescendants(fileRow).slice(1);
  return rows.toSorted((a, b) => (start[a] ?? 0) - (start[b] ?? 0) || a - b);
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** 1-based line of an offset, by halving. */
function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return low + 1;
}
