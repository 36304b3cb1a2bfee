import { AppError } from '../../core/errors.ts';
import type { GraphHit } from '../graph-answers.ts';
import type { FileState } from '../graph-schema.ts';
import { neighboursOf } from './csr.ts';
import { MODULES } from './edge-groups.ts';
import type { GraphView } from './graph-view.ts';
import { hitOf } from './hit-shapes.ts';
import { searchSymbols } from './symbol-search.ts';

/** One file as the graph knows it. */
export interface FileOutline {
  readonly id: string;
  readonly path: string;
  readonly state: FileState;
  /** Why it is not typed, or its first syntax error. */
  readonly note?: string;
  readonly lines: number;
  readonly bytes: number;
  /** Names in it that could not be resolved. */
  readonly unresolved: number;
  readonly symbols: readonly OutlineSymbol[];
  readonly symbolTotal: number;
  readonly imports: readonly FileLink[];
  readonly importedBy: readonly FileLink[];
}

/** In the order of the source; what is inside of another follows it, deeper. */
interface OutlineSymbol extends GraphHit {
  readonly depth: number;
  readonly exported: boolean;
  readonly signature: string;
}

/** Another file, and what is taken from there or from here. */
interface FileLink {
  readonly path: string;
  readonly names: readonly string[];
}

/** A longer list is no outline. */
const MAX_SYMBOLS = 500;
const MAX_SIMILAR = 5;

/** Throws `not_found` for a path that the index does not hold, with similar ones. Only the graph is asked. */
export function outlineOf(view: GraphView, path: string): FileOutline {
  const row = view.rowOfFile(path);
  if (row === undefined) throw unknownFile(view, path);
  const { state, note, lines, bytes, unresolved } = view.fileOf(row);
  const symbols = symbolsIn(view, row, 0);
  return {
    id: view.columns.nodes.id[row] ?? '',
    path,
    state,
    ...(note !== '' && { note }),
    lines,
    bytes,
    unresolved,
    symbols: symbols.slice(0, MAX_SYMBOLS),
    symbolTotal: symbols.length,
    imports: linksOf(view, { row, links: importsOf(view, row) }),
    importedBy: linksOf(view, { row, links: importersOf(view, row) }),
  };
}

function symbolsIn(view: GraphView, container: number, depth: number): OutlineSymbol[] {
  const symbols: OutlineSymbol[] = [];
  for (const row of view.membersOf(container)) {
    const signature = view.columns.nodes.signature[row] ?? '';
    symbols.push({ ...hitOf(view, row), depth, exported: view.isExported(row), signature });
    for (const inner of symbolsIn(view, row, depth + 1)) symbols.push(inner);
  }
  return symbols;
}

/** The file on the other side, and what is named. */
interface Link {
  readonly path: string;
  readonly named: number;
}

function importsOf(view: GraphView, row: number): Link[] {
  return neighboursOf(view.forward, row, MODULES).map((named) => ({ path: view.pathOf(named), named }));
}

function importersOf(view: GraphView, row: number): Link[] {
  return view.withDescendants(row).flatMap((named) => {
    return neighboursOf(view.reverse, named, MODULES).map((user) => ({ path: view.pathOf(user), named }));
  });
}

function linksOf(
  view: GraphView,
  { row, links }: { readonly row: number; readonly links: readonly Link[] },
): FileLink[] {
  const byPath = new Map<string, Set<string>>();
  for (const { path, named } of links) {
    if (path === view.pathOf(row)) continue;
    const names = byPath.get(path) ?? new Set<string>();
    byPath.set(path, names);
    if (view.kindOf(named) !== 'file') names.add(view.qualifiedNameOf(named));
  }
  return [...byPath].map(([path, names]) => ({ path, names: [...names] }));
}

function unknownFile(view: GraphView, path: string): AppError {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const similar = name === '' ? [] : searchSymbols(view, { query: name, kind: 'file' }, MAX_SIMILAR).rows;
  const paths = similar.map((row) => view.pathOf(row));
  return new AppError('not_found', `The index holds no file \`${path.slice(0, 300)}\`.`, {
    hint: `${paths.length === 0 ? '' : `Similar: ${paths.join(', ')}. `}Paths are relative to the workspace; graph_search with kind file finds them.`,
  });
}
