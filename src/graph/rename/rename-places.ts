import { kindMask } from '../query/csr.ts';
import type { Adjacency } from '../query/csr.ts';
import { MODULES, USES } from '../query/edge-groups.ts';
import type { GraphView } from '../query/graph-view.ts';

/** A place where the graph says that the name stands, or another name for the same. */
export interface NamePlace {
  readonly row: number;
  readonly line: number;
  readonly column: number;
  readonly reason: string;
  readonly isDeclaration: boolean;
  /** In an import or export: there two names can be tied together. */
  readonly isLink: boolean;
}

/** What stands at the place of the source's own name is no use of the target's. */
const MENTIONS = USES & ~kindMask(['tests', 'overrides']);

/** Places of all declarations of a group and of their uses, by the path of the file. */
export function placesOf(view: GraphView, group: readonly number[]): Map<string, NamePlace[]> {
  const places = new Map<string, Map<string, NamePlace>>();
  const add = (path: string, place: NamePlace): void => {
    const inFile = places.get(path) ?? new Map<string, NamePlace>();
    places.set(path, inFile);
    const key = `${place.line}:${place.column}`;
    if (!inFile.has(key)) inFile.set(key, place);
  };
  for (const row of group) {
    const column = view.columns.nodes.column[row] ?? 1;
    const declaration = { reason: 'declaration', isDeclaration: true, isLink: false };
    add(view.pathOf(row), { row, line: view.lineOf(row), column, ...declaration });
  }
  const { file, line, column, kind } = view.columns.edges;
  for (const row of group) {
    for (const edge of edgesTo(view, row)) {
      const isLink = ((MODULES >> (kind[edge] ?? 0)) & 1) === 1;
      const use = { reason: view.edgeKindOf(edge), isDeclaration: false, isLink };
      const path = view.columns.files[file[edge] ?? -1]?.path ?? '';
      add(path, { row, line: line[edge] ?? 1, column: column[edge] ?? 1, ...use });
    }
  }
  return new Map([...places].map(([path, inFile]) => [path, [...inFile.values()].toSorted(byPlace)]));
}

/**
 * `line:column` of everything in a file that the graph knows to be something else. The keys of an object are not: a
 * declared type of it may be what they are asked for by, and that the graph does not know.
 */
export function placesOfOthers(view: GraphView, path: string, group: ReadonlySet<number>): Set<string> {
  const fileRow = view.rowOfFile(path);
  const rows = fileRow === undefined ? [] : view.withDescendants(fileRow);
  const { nodes, edges } = view.columns;
  const declared = rows.filter((row) => !group.has(row) && !isKeyOfObject(view, row));
  const used = rows
    .flatMap((row) => edgesAt(view.forward, row, USES))
    .filter((edge) => !group.has(edges.target[edge] ?? -1));
  return new Set([
    ...declared.map((row) => `${view.lineOf(row)}:${nodes.column[row] ?? 1}`),
    ...used.map((edge) => `${edges.line[edge] ?? 0}:${edges.column[edge] ?? 0}`),
  ]);
}

/** Uses that mean a symbol of the group and, of a union of types, another of that name as well. */
export function sharedUses(
  view: GraphView,
  group: ReadonlySet<number>,
): { readonly edge: number; readonly other: number }[] {
  const { file, line, column } = view.columns.edges;
  const placeOf = (edge: number): string => `${file[edge]}:${line[edge]}:${column[edge]}`;
  const own = new Set([...group].flatMap((row) => edgesTo(view, row).map(placeOf)));
  const names = new Set([...group].map((row) => view.nameOf(row)));
  const namesakes = [...names].flatMap((name) => view.rowsByName.get(name) ?? []).filter((row) => !group.has(row));
  return namesakes.flatMap((other) => {
    const shared = edgesTo(view, other).filter((edge) => own.has(placeOf(edge)));
    return shared.map((edge) => ({ edge, other }));
  });
}

/** A member of an object that is the value of a variable. */
export function isKeyOfObject(view: GraphView, row: number): boolean {
  const container = view.containerOf(row);
  return container >= 0 && view.kindOf(container) === 'variable';
}

function edgesTo(view: GraphView, row: number): number[] {
  return edgesAt(view.reverse, row, MENTIONS).filter((edge) => !isMemberLink(view, edge));
}

/** Rows of a node's edges of some kinds. */
function edgesAt({ starts, ends, kind, edge }: Adjacency, row: number, mask: number): number[] {
  const found: number[] = [];
  for (let at = starts[row] ?? 0; at < (ends[row] ?? 0); at += 1) {
    if (((mask >> (kind[at] ?? 0)) & 1) === 1) found.push(edge[at] ?? 0);
  }
  return found;
}

/** Of a member that implements another: that edge stands at its own name. */
function isMemberLink(view: GraphView, edge: number): boolean {
  if (view.edgeKindOf(edge) !== 'implements') return false;
  const { source, line, column } = view.columns.edges;
  const row = source[edge] ?? -1;
  return line[edge] === view.lineOf(row) && column[edge] === view.columns.nodes.column[row];
}

function byPlace(a: NamePlace, b: NamePlace): number {
  return a.line - b.line || a.column - b.column;
}
