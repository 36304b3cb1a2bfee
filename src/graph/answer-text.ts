import type { GraphHit, SearchAnswer, SymbolAnswer, SymbolDetail, TraceListing } from './graph-answers.ts';
import type { Coverage } from './graph-schema.ts';

/** Answers as compact text: one line a hit, `kind name path:line`, and a last line that says what the index knows. */

export function renderSearch(answer: SearchAnswer): string {
  return lines([...answer.hits.map(hitLine), ...pageLines(answer, answer.hits.length), ...closing(answer)]);
}

export function renderSymbol(answer: SymbolAnswer): string {
  const body = answer.symbol === undefined ? candidateLines(answer) : symbolLines(answer.symbol);
  return lines([...body, ...closing(answer)]);
}

export function renderTrace(answer: TraceListing): string {
  const { direction, symbol, to, form, hits, listed } = answer;
  if (symbol === undefined || answer.match !== 'one') return lines([...candidateLines(answer), ...closing(answer)]);
  const end = to === undefined ? '' : ` to ${hitLine(to)}`;
  const head = `${direction} of ${hitLine(symbol)}${end}${form === undefined ? '' : ` (${form})`}`;
  return lines([head, ...hits, ...pageLines(answer, listed), ...closing(answer)]);
}

export function hitLine(hit: Omit<GraphHit, 'id' | 'kind'> & { readonly kind: string }): string {
  return hit.kind === 'file' ? `file ${hit.path}` : `${hit.kind} ${hit.name} ${hit.path}:${hit.line}`;
}

export function candidateLines({ match, candidates = [] }: Pick<TraceListing, 'match' | 'candidates'>): string[] {
  if (match === 'many') return ['Several symbols have this name; ask again with an id:', ...candidates.map(idLine)];
  if (candidates.length === 0) return ['No symbol has this name, and none a similar one.'];
  return ['No symbol has this name. Similar:', ...candidates.map(idLine)];
}

function idLine(hit: GraphHit): string {
  return `${hit.id} ${hitLine(hit)}`;
}

function symbolLines(symbol: SymbolDetail): string[] {
  const { counts } = symbol;
  const possible = counts.possibleCallers === 0 ? '' : ` (+${counts.possibleCallers} possible)`;
  return [
    `${idLine(symbol)}${symbol.exported ? ' exported' : ''}`,
    ...(symbol.signature === '' ? [] : [symbol.signature]),
    ...(symbol.doc === undefined ? [] : [symbol.doc]),
    `${counts.callers} callers${possible}, ${counts.callees} callees, ${counts.references} references, ` +
      `${counts.overriddenBy} overriding, ${counts.members} members${symbol.members.length === 0 ? '' : ':'}`,
    ...symbol.members.map((member) => `  ${hitLine(member)}`),
    ...(symbol.notes === undefined ? [] : [`${symbol.notes} notes: note_query {"symbol":"${symbol.id}"}`]),
    ...(symbol.source === undefined ? [] : [symbol.source]),
    ...(symbol.sourceNote === undefined ? [] : [`source: ${symbol.sourceNote}`]),
  ];
}

export function pageLines({ total, nextCursor }: Pick<SearchAnswer, 'total' | 'nextCursor'>, shown: number): string[] {
  if (total === 0) return ['0 hits'];
  return nextCursor === undefined ? [] : [`${shown} of ${total}, more: cursor=${nextCursor}`];
}

export function closing({ note, coverage }: Pick<SearchAnswer, 'note' | 'coverage'>): string[] {
  return [...(note === undefined ? [] : [`note: ${note}`]), coverageLine(coverage)];
}

function coverageLine({ engine, typed, syntax, unresolved, pending, truncated }: Coverage): string {
  const stale = pending === 0 ? '' : `, ${pending} changed since`;
  return `coverage: ${typed} files typed (${engine}), ${syntax} by syntax, ${unresolved} names unresolved${stale}${truncated ? ', truncated' : ''}`;
}

function lines(parts: readonly string[]): string {
  return parts.join('\n');
}
