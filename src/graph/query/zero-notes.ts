import { ENGINE_KNOWLEDGE } from '../graph-schema.ts';
import { degreeOf } from './csr.ts';
import { VALUE_USES } from './edge-groups.ts';
import type { GraphView } from './graph-view.ts';
import type { FoundSymbols, SymbolSearch } from './symbol-search.ts';
import { searchSymbols } from './symbol-search.ts';
import { tracePath } from './trace.ts';

const UNTYPED = 'types are not resolved yet: this index knows syntax alone, so relations are missing';

/** Why an empty answer is believed, and what could still be outside of it. */

export function noUsersNote(view: GraphView, row: number, what: string): string {
  const reasons = [
    fileReason(view, row),
    view.isExported(row)
      ? 'symbol is exported and could be used outside this workspace'
      : 'symbol is not exported from its file',
    `${degreeOf(view.reverse, row, VALUE_USES)} references as value`,
  ];
  const bases = view.dispatch.basesOf(row).length;
  if (bases > 0) reasons.push(`it overrides or implements ${bases} declarations, which have none either`);
  if (view.kindOf(row) === 'test') reasons.push('the test runner calls it');
  if (view.kindOf(row) === 'route') reasons.push('the server calls it for a request');
  return `no ${what}: ${[...reasons, ...unresolvedReason(view)].join(', ')}`;
}

export function noCalleesNote(view: GraphView, row: number): string {
  const reasons = [
    fileReason(view, row),
    'calls into libraries and of local functions are not in the graph',
    `${view.fileOf(row).unresolved} names in its file are unresolved`,
  ];
  return `no callees: ${reasons.join(', ')}`;
}

export function noPathNote(view: GraphView, from: number, to: number): string {
  const back = tracePath(view, { from: to, to: from }).count;
  const names = `from ${view.qualifiedNameOf(from)} to ${view.qualifiedNameOf(to)}`;
  const reverse = back === 0 ? 'nor is there one back' : `there is one back, of ${back} steps`;
  const untyped = isSyntaxGraph(view) ? [UNTYPED] : [];
  return `no path: nothing leads ${names} by uses, ${[...untyped, reverse, ...unresolvedReason(view)].join(', ')}`;
}

export function noMatchesNote(view: GraphView, search: SymbolSearch): string {
  const isFiltered = search.kind !== undefined || search.path !== undefined;
  const unfiltered = isFiltered ? searchSymbols(view, { query: search.query }, 0).total : 0;
  const without = isFiltered ? `, ${unfiltered} without the filters` : '';
  return `no match for \`${search.query}\` in names, docs and paths of ${view.countNodes()} symbols${without}`;
}

/** Undefined when some symbol has each of the words. */
export function unknownWordsNote({ total, similarTotal, unknown }: FoundSymbols): string | undefined {
  if (unknown.length === 0) return undefined;
  if (similarTotal === total) return 'no symbol has these words; similar names';
  const words = unknown.map((word) => `\`${word}\``).join(', ');
  const last = similarTotal === 1 ? 'the last hit has' : `the last ${similarTotal} hits have`;
  return `no symbol has ${words}${similarTotal === 0 ? '' : `; ${last} a similar word alone`}`;
}

/** Whether the graph was made without types. */
export function isSyntaxGraph(view: GraphView): boolean {
  return ENGINE_KNOWLEDGE[view.columns.engine] === 'syntax';
}

function fileReason(view: GraphView, row: number): string {
  const { state, note } = view.fileOf(row);
  if (isSyntaxGraph(view)) return UNTYPED;
  if (state === 'typed') return note === '' ? 'file is typed' : `file is typed (${note})`;
  const known = state === 'syntax' ? 'syntax alone' : 'name alone';
  return `file is known by ${known}${note === '' ? '' : ` (${note})`}, so relations are missing`;
}

function unresolvedReason(view: GraphView): string[] {
  const unresolved = view.columns.files.reduce((sum, file) => sum + file.unresolved, 0);
  const untyped = view.countFiles('syntax') + view.countFiles('skipped');
  return [
    ...(unresolved === 0 ? [] : [`${unresolved} names in the workspace are unresolved`]),
    ...(untyped === 0 || isSyntaxGraph(view) ? [] : [`${untyped} files are not typed`]),
  ];
}
