import type {
  GraphHit,
  GraphTraceHit,
  SearchAnswer,
  SymbolAnswer,
  SymbolDetail,
  TraceAnswer,
  TraceDirection,
} from './graph-answers.ts';
import type { Coverage } from './graph-schema.ts';

/** Answers as compact text: one line a hit, `kind name path:line`, and a last line that says what the index knows. */

export function renderSearch(answer: SearchAnswer): string {
  return lines([...answer.hits.map(hitLine), ...pageLines(answer, answer.hits.length), ...closing(answer)]);
}

export function renderSymbol(answer: SymbolAnswer): string {
  const body = answer.symbol === undefined ? candidateLines(answer) : symbolLines(answer.symbol);
  return lines([...body, ...closing(answer)]);
}

export function renderTrace(answer: TraceAnswer): string {
  if (answer.symbol === undefined || answer.match !== 'one')
    return lines([...candidateLines(answer), ...closing(answer)]);
  const head = `${answer.direction} of ${hitLine(answer.symbol)}${answer.to === undefined ? '' : ` to ${hitLine(answer.to)}`}`;
  const hits = answer.hits.map((hit) => traceLine(hit, answer.direction));
  return lines([head, ...hits, ...pageLines(answer, answer.hits.length), ...closing(answer)]);
}

export function hitLine(hit: Omit<GraphHit, 'id' | 'kind'> & { readonly kind: string }): string {
  return hit.kind === 'file' ? `file ${hit.path}` : `${hit.kind} ${hit.name} ${hit.path}:${hit.line}`;
}

function traceLine(hit: GraphTraceHit, direction: TraceDirection): string {
  const isPath = direction === 'path' || direction === 'paths';
  const arrow = direction === 'callees' || isPath ? '→' : '←';
  // The steps of a path stand one below the other.
  const through = hit.through === undefined || isPath ? '' : ` through ${hit.through}`;
  const likelihood = hit.confidence === undefined ? '' : ` ${hit.confidence}`;
  const certainty = hit.provenance === 'typed' ? '' : ` (${hit.provenance}${likelihood})`;
  const way = hit.way === undefined ? '' : `${hit.way}. `;
  return `${way}${hitLine(hit)} ${arrow}${hit.depth} ${hit.via}@${hit.useLine}${through}${certainty}`;
}

export function candidateLines({ match, candidates }: Pick<TraceAnswer, 'match' | 'candidates'>): string[] {
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
