import { AppError } from '../../core/errors.ts';
import type { TraceAnswer, TraceDirection, TraceInput } from '../graph-answers.ts';
import type { GraphView } from './graph-view.ts';
import { hitOf, traceHitOf } from './hit-shapes.ts';
import { unmatched } from './lookup-answer.ts';
import type { Answered } from './lookup-answer.ts';
import { pageOf } from './page-cursor.ts';
import { lookUpSymbol } from './symbol-lookup.ts';
import { traceCallees, traceCallers, traceImpact, tracePath, traceReferences } from './trace.ts';
import type { Reach } from './trace.ts';
import { noCalleesNote, noPathNote, noUsersNote } from './zero-notes.ts';

type TraceBody = Omit<TraceAnswer, 'workspace' | 'generation' | 'indexedAt' | 'coverage'>;

const DEFAULT_DEPTH = 1;
/** Beyond it nearly everything is reached, and nothing is learned. */
const DEFAULT_IMPACT_DEPTH = 5;

/** Throws `invalid_input` for a path without an end, and for a cursor of another question. */
export function answerTrace(view: GraphView, input: TraceInput): Answered<TraceBody> {
  const { direction } = input;
  if ((direction === 'path') !== (input.to !== undefined)) {
    const problem = direction === 'path' ? 'A path needs an end' : `\`to\` has no meaning for ${direction}`;
    throw new AppError('invalid_input', `${problem}.`, { hint: 'Give `to` with direction path, and only with it.' });
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
  const { hits, isCut } = reachOf(view, input, ends);
  const page = pageOf(hits, {
    generation: view.generation,
    question: ['trace', input.direction, input.depth, ends.from, ends.to],
    cursor: input.cursor,
    limit: input.limit,
  });
  const note = hits.length === 0 ? zeroNote(view, input, ends) : undefined;
  return {
    body: {
      direction: input.direction,
      match: 'one',
      candidates: [],
      symbol: hitOf(view, ends.from),
      ...(ends.to !== undefined && { to: hitOf(view, ends.to) }),
      hits: page.items.map((hit) => traceHitOf(view, hit)),
      total: hits.length,
      ...(page.nextCursor !== undefined && { nextCursor: page.nextCursor }),
      ...(note !== undefined && { note }),
    },
    isTruncated: isCut || page.nextCursor !== undefined,
  };
}

function reachOf(view: GraphView, { direction, depth }: TraceInput, { from, to = from }: Ends): Reach {
  const reach = {
    callers: () => traceCallers(view, from, depth ?? DEFAULT_DEPTH),
    callees: () => traceCallees(view, from, depth ?? DEFAULT_DEPTH),
    references: () => traceReferences(view, from),
    impact: () => traceImpact(view, from, depth ?? DEFAULT_IMPACT_DEPTH),
    path: () => tracePath(view, from, to),
  } satisfies Record<TraceDirection, () => Reach>;
  return reach[direction]();
}

function zeroNote(view: GraphView, { direction }: TraceInput, { from, to = from }: Ends): string {
  if (direction === 'callees') return noCalleesNote(view, from);
  if (direction !== 'path') return noUsersNote(view, from, direction);
  const isInside = view.withDescendants(to).includes(from) || view.withDescendants(from).includes(to);
  return isInside ? 'no path: one of the two is the other, or lies in it' : noPathNote(view, from, to);
}
