import type { GraphView } from '../query/graph-view.ts';
import { lookUpSymbol } from '../query/symbol-lookup.ts';

/** Which notes are about a symbol or what is in it: those with its id, and those of vanished symbols that bore its name. */
export interface SymbolFilter {
  readonly nodeIds: readonly string[];
  /** Qualified, or the end or beginning of a qualified one. */
  readonly names: readonly string[];
  /** Symbols of such a name that are there: their notes are found by their ids alone. */
  readonly livingIds: readonly string[];
}

/** Without a graph, what the text itself says. */
export function symbolFilterOf(view: GraphView | undefined, text: string): SymbolFilter {
  const asked = text.trim();
  const bare = nameIn(asked);
  if (view === undefined) return { nodeIds: [asked], names: [bare], livingIds: [] };
  const lookup = lookUpSymbol(view, asked);
  const rows = lookup.match === 'one' ? [lookup.row] : lookup.match === 'many' ? lookup.rows : [];
  const name = lookup.match === 'one' ? view.qualifiedNameOf(lookup.row) : bare;
  return {
    nodeIds: rows.length === 0 ? [asked] : idsOf(view, rows),
    names: [name],
    livingIds: idsOf(view, namesakes(view, name)),
  };
}

function nameIn(text: string): string {
  return text.slice(text.indexOf('#', 1) + 1);
}

/** Names of tests hold dots, so both the whole and its last part may be a name. */
function namesakes(view: GraphView, name: string): number[] {
  const last = name.split(/[./]/).at(-1) ?? name;
  const file = view.rowOfFile(name);
  return [
    ...(view.rowsByName.get(name) ?? []),
    ...(last === name ? [] : (view.rowsByName.get(last) ?? [])),
    ...(file === undefined ? [] : [file]),
  ];
}

/** Of the nodes and all that is in them. */
function idsOf(view: GraphView, rows: readonly number[]): string[] {
  return rows.flatMap((row) => view.withDescendants(row)).flatMap((row) => view.columns.nodes.id[row] ?? []);
}
