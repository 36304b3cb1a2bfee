import { PROVENANCES } from '../graph-schema.ts';
import type { SymbolAnswer, SymbolDetail } from '../graph-answers.ts';
import type { GraphView } from './graph-view.ts';
import { hitOf } from './hit-shapes.ts';
import { unmatched } from './lookup-answer.ts';
import type { Answered } from './lookup-answer.ts';
import { lookUpSymbol } from './symbol-lookup.ts';
import { traceCallees, traceCallers, traceReferences } from './trace.ts';
import { noUsersNote } from './zero-notes.ts';

type SymbolBody = Pick<SymbolAnswer, 'match' | 'candidates' | 'symbol' | 'note'>;

interface DescribedSymbol extends Answered<SymbolBody> {
  /** The node described, when one matches. */
  readonly row: number | undefined;
}

const MAX_MEMBERS = 40;
const DISPATCH = PROVENANCES.indexOf('dispatch');

export function answerSymbol(view: GraphView, text: string): DescribedSymbol {
  const lookup = lookUpSymbol(view, text);
  if (lookup.match !== 'one') return { ...unmatched(view, text, lookup), row: undefined };
  const { row } = lookup;
  const symbol = describeSymbol(view, row);
  const { callers, possibleCallers, references } = symbol.counts;
  const isUnused = callers + possibleCallers + references === 0;
  return {
    row,
    body: { match: 'one', candidates: [], symbol, ...(isUnused && { note: noUsersNote(view, row, 'uses') }) },
    isTruncated: symbol.counts.members > symbol.members.length,
  };
}

function describeSymbol(view: GraphView, row: number): SymbolDetail {
  const { nodes } = view.columns;
  const container = view.qualifiersOf(row).slice(0, -1).join('.');
  const doc = nodes.doc[row] ?? '';
  return {
    ...hitOf(view, row),
    ...(container !== '' && { container }),
    column: nodes.column[row] ?? 0,
    exported: view.isExported(row),
    signature: nodes.signature[row] ?? '',
    ...(doc !== '' && { doc }),
    counts: countsOf(view, row),
    members: view
      .membersOf(row)
      .slice(0, MAX_MEMBERS)
      .map((member) => hitOf(view, member)),
  };
}

function countsOf(view: GraphView, row: number): SymbolDetail['counts'] {
  const callers = traceCallers(view, row, { depth: 1 }).hits;
  const possible = callers.filter((hit) => hit.weakness === DISPATCH).length;
  return {
    callers: callers.length - possible,
    possibleCallers: possible,
    callees: traceCallees(view, row, { depth: 1 }).count,
    references: traceReferences(view, row).hits.filter((hit) => hit.weakness !== DISPATCH).length,
    members: view.membersOf(row).length,
    overriddenBy: isMember(view, row) ? view.dispatch.standInsOf(row).length : 0,
  };
}

function isMember(view: GraphView, row: number): boolean {
  return ['method', 'accessor', 'property'].includes(view.kindOf(row));
}
