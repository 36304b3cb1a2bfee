import { distance } from 'fastest-levenshtein';
import { degreeOf } from './csr.ts';
import { USES } from './edge-groups.ts';
import type { GraphView } from './graph-view.ts';

/** What a text names. `none` carries rows with similar names, for a person to choose from: never an answer by itself. */
export type SymbolLookup =
  | { readonly match: 'one'; readonly row: number }
  | { readonly match: 'many'; readonly rows: readonly number[] }
  | { readonly match: 'none'; readonly similar: readonly number[] };

const NODE_ID = /^[0-9a-f]{16}$/;
const MAX_SIMILAR_NAMES = 8;
const MAX_SIMILAR_ROWS = 10;

/**
 * Finds the node that a text names: an id, a path, `path#Container.name`, `Container.name` or a bare name; exact in
 * every letter. `many` is ordered by how much each is used.
 */
export function lookUpSymbol(view: GraphView, text: string): SymbolLookup {
  const symbol = text.trim();
  const byId = NODE_ID.test(symbol) ? view.rowOfId(symbol) : undefined;
  if (byId !== undefined) return { match: 'one', row: byId };
  const file = view.rowOfFile(normalisePath(symbol));
  if (file !== undefined) return { match: 'one', row: file };
  return lookUpInFile(view, symbol) ?? among(view, symbol, rowsNamed(view, symbol));
}

/** Undefined when no `#` parts a path from a name: it also begins private names, as in `src/a.ts#Store.#db`. */
function lookUpInFile(view: GraphView, symbol: string): SymbolLookup | undefined {
  const first = symbol.indexOf('#', 1);
  for (let at = first; at > 0; at = symbol.indexOf('#', at + 1)) {
    const path = normalisePath(symbol.slice(0, at));
    if (view.rowOfFile(path) === undefined) continue;
    const name = symbol.slice(at + 1);
    const inFile = rowsNamed(view, name).filter((row) => view.pathOf(row) === path);
    // `a.ts#run` is the module's own `run` where it has one, and a member `Task.run` only where it has not.
    const whole = inFile.filter((row) => view.qualifiersOf(row).join('.') === name);
    return among(view, name, whole.length > 0 ? whole : inFile);
  }
  if (first < 0 || symbol[first - 1] === '.') return undefined;
  return { match: 'none', similar: similarRows(view, symbol.slice(first + 1)) };
}

function among(view: GraphView, name: string, found: readonly number[]): SymbolLookup {
  const [first] = found;
  if (first === undefined) return { match: 'none', similar: similarRows(view, name) };
  if (found.length === 1) return { match: 'one', row: first };
  // Tests often bear the name of what they test.
  const tested = found.filter((row) => view.kindOf(row) !== 'test');
  const [only = first] = tested;
  return tested.length === 1 ? { match: 'one', row: only } : { match: 'many', rows: byUse(view, found) };
}

/** The text as a whole name first, since names of tests and quoted properties hold dots; then as a chain of containers. */
function rowsNamed(view: GraphView, text: string): readonly number[] {
  const whole = view.rowsByName.get(text);
  if (whole !== undefined) return whole;
  const chain = text.split('.');
  const last = chain.at(-1) ?? '';
  if (chain.length < 2) return [];
  return (view.rowsByName.get(last) ?? []).filter((row) => endsWithChain(view.qualifiersOf(row), chain));
}

function endsWithChain(qualifiers: readonly string[], chain: readonly string[]): boolean {
  if (chain.length > qualifiers.length) return false;
  return chain.every((name, at) => qualifiers[qualifiers.length - chain.length + at] === name);
}

function byUse(view: GraphView, rows: readonly number[]): number[] {
  const ranked = rows.map((row) => ({ row, uses: degreeOf(view.reverse, row, USES) }));
  return ranked.toSorted((a, b) => b.uses - a.uses || a.row - b.row).map(({ row }) => row);
}

function similarRows(view: GraphView, text: string): number[] {
  const wanted = text.split('.').at(-1) ?? text;
  const rows = similarNames(view, wanted).flatMap((name) => byUse(view, view.rowsByName.get(name) ?? []));
  return rows.slice(0, MAX_SIMILAR_ROWS);
}

/** Names within a third of the letters, ignoring case; nearest first. */
function similarNames(view: GraphView, wanted: string): string[] {
  const lower = wanted.toLowerCase();
  const reach = Math.max(1, Math.floor(lower.length / 3));
  const letters = letterSet(lower);
  const near: { name: string; edits: number }[] = [];
  for (const name of view.rowsByName.keys()) {
    if (Math.abs(name.length - wanted.length) > reach) continue;
    const candidate = name.toLowerCase();
    // Each edit adds and takes away at most one kind of letter: most names fall here, without a distance.
    if (bitCount(letters ^ letterSet(candidate)) > reach * 2) continue;
    const edits = distance(lower, candidate);
    if (edits <= reach) near.push({ name, edits });
  }
  near.sort((a, b) => a.edits - b.edits || (a.name < b.name ? -1 : 1));
  return near.slice(0, MAX_SIMILAR_NAMES).map(({ name }) => name);
}

/** Which letters occur, as 32 bits; several letters may share one. */
function letterSet(text: string): number {
  let set = 0;
  for (let at = 0; at < text.length; at += 1) set |= 1 << (text.charCodeAt(at) & 31);
  return set;
}

function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

function normalisePath(path: string): string {
  return path.replaceAll('\\', '/').replace(/^(?:\.\/)+/, '');
}
