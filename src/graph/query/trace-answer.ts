import { AppError } from '../../core/errors.ts';
import type { TraceAnswer, TraceDirection, TraceInput } from '../graph-answers.ts';
import type { GraphView } from './graph-view.ts';
import { hitOf, traceHitOf } from './hit-shapes.ts';
import { unmatched } from './lookup-answer.ts';
import type { Answered } from './lookup-answer.ts';
import { pageWindow } from './page-cursor.ts';
import { listedHits } from './reach.ts';
import type { Reach } from './reach.ts';
import { lookUpSymbol } from './symbol-lookup.ts';
import { traceCallees, traceCallers, traceImpact, tracePath, traceReferences } from './trace.ts';
import { tracePaths } from './trace-paths.ts';
import type { FoundPaths } from './trace-paths.ts';
import { noCalleesNote, noPathNote, noUsersNote } from './zero-notes.ts';

type TraceBody = Omit<TraceAnswer, 'workspace' | 'generation' | 'indexedAt' | 'coverage'>;

const DEFAULT_DEPTH = 1;
/** Beyond it nearly everything is reached, and nothing is learned. */
const DEFAULT_IMPACT_DEPTH = 5;

/** Throws `invalid_input` for a path without an end, and for a cursor of another question. */
export function answerTrace(view: GraphView, input: TraceInput): Answered<TraceBody> {
  const { direction } = input;
  const isPath = direction === 'path' || direction === 'paths';
  if (isPath !== (input.to !== undefined)) {
    const problem = isPath ? 'A path needs an end' : `\`to\` has no meaning for ${direction}`;
    const hint = 'Give `to` with direction path or paths, and only with these.';
    throw new AppError('invalid_input', `${problem}.`, { hint });
  }
  const empty = { direction, hits: [], total: 0 };
  const from = lookUpSymbol(view, input.symbol);
  if (from.match !== 'one') {
    const { body, isTruncated } = unmatched(view, input.symbol, from);
    return { body: { ...empty, ...body }, isTruncated };
  }
  const symbol = hitOf(view, from.row);
  if (input.to === undefined) return answerReach(view, input, { from: from.row });
  const to = lookUpSymbol(view, input.to);
  if (to.match === 'one') return answerReach(view, input, { from: from.row, to: to.row });
  const { body, isTruncated } = unmatched(view, input.to, to);
  return { body: { ...empty, symbol, ...body }, isTruncated };
}

interface Ends {
  readonly from: number;
  readonly to?: number;
}

function answerReach(view: GraphView, input: TraceInput, ends: Ends): Answered<TraceBody> {
  const { count, isCut, note, slice } = answerOf(view, input, ends);
  const { direction, depth, minConfidence } = input;
  const page = pageWindow({
    edition: view.edition,
    question: ['trace', direction, depth, minConfidence, ends.from, ends.to],
    cursor: input.cursor,
    limit: input.limit,
  });
  const nextCursor = page.nextCursor(count);
  return {
    body: {
      direction,
      match: 'one',
      candidates: [],
      symbol: hitOf(view, ends.from),
      ...(ends.to !== undefined && { to: hitOf(view, ends.to) }),
      hits: slice(page.offset, page.end).map((hit) => traceHitOf(view, hit)),
      total: count,
      ...(nextCursor !== undefined && { nextCursor }),
      ...(note !== undefined && { note }),
    },
    isTruncated: isCut || nextCursor !== undefined,
  };
}

interface TraceResult extends Pick<Reach, 'count' | 'isCut' | 'slice'> {
  readonly note?: string | undefined;
}

function answerOf(view: GraphView, input: TraceInput, ends: Ends): TraceResult {
  const { depth, minConfidence } = input;
  const found: TraceResult = input.direction === 'paths' ? pathsAnswer(view, input, ends) : reachOf(view, input, ends);
  const { count, isCut } = found;
  const slice: Reach['slice'] = (from, to) => found.slice(from, to);
  if (count > 0) return { count, isCut, slice, note: found.note };
  const likely =
    minConfidence === undefined ? 0 : answerOf(view, { ...input, depth, minConfidence: undefined }, ends).count;
  const note = likely > 0 ? `nothing of confidence ${minConfidence}: ${likely} hits are less likely` : undefined;
  return { count, isCut, slice, note: note ?? zeroNote(view, input, ends) };
}

function pathsAnswer(view: GraphView, input: TraceInput, { from, to = from }: Ends): TraceResult {
  const found = tracePaths(view, { from, to }, input);
  const hits = found.paths.flatMap((path, at) => path.map((hit) => ({ ...hit, way: at + 1 })));
  return { ...listedHits(hits, found.isCut), note: pathsNote(found) };
}

function pathsNote({ paths, depth, isCut }: FoundPaths): string {
  const count = `${paths.length} simple paths of at most ${depth} steps, shortest first`;
  return isCut ? `${count}; cut off, there may be more: ask with a smaller depth, or from a symbol on the way` : count;
}

function reachOf(view: GraphView, { direction, depth, minConfidence }: TraceInput, { from, to = from }: Ends): Reach {
  const bounds = { depth: depth ?? DEFAULT_DEPTH, minConfidence };
  const reach = {
    callers: () => traceCallers(view, from, bounds),
    callees: () => traceCallees(view, from, bounds),
    references: () => traceReferences(view, from, minConfidence),
    impact: () => traceImpact(view, from, { ...bounds, depth: depth ?? DEFAULT_IMPACT_DEPTH }),
    path: () => tracePath(view, { from, to }, minConfidence),
  } satisfies Record<Exclude<TraceDirection, 'paths'>, () => Reach>;
  return reach[direction === 'paths' ? 'path' : direction]();
}

function zeroNote(view: GraphView, { direction, depth }: TraceInput, { from, to = from }: Ends): string {
  if (direction === 'callees') return noCalleesNote(view, from);
  if (direction !== 'path' && direction !== 'paths') return noUsersNote(view, from, direction);
  const isInside = view.withDescendants(to).includes(from) || view.withDescendants(from).includes(to);
  if (isInside) return 'no path: one of the two is the other, or lies in it';
  const shortest = direction === 'paths' ? tracePath(view, { from, to }).count : 0;
  return shortest === 0 ? noPathNote(view, from, to) : `no path of ${depth} steps: the shortest has ${shortest}`;
}
