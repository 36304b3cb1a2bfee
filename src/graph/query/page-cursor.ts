import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { contentOf, hashOfQuestion } from '../../core/key-cursor.ts';

const cursorSchema = z.tuple([z.number().int(), z.number().int().min(0), z.string()]);

export interface PageRequest {
  /** Of the graph: a number that is another after each change of it. */
  readonly edition: number;
  /** What was asked, without page size and cursor: a cursor goes on with the same question only. */
  readonly question: readonly unknown[];
  readonly cursor: string | undefined;
  readonly limit: number;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | undefined;
}

/** Where a page stands in its list. */
export interface PageWindow {
  readonly offset: number;
  readonly end: number;
  /** Undefined when the list ends on this page. */
  readonly nextCursor: (total: number) => string | undefined;
}

/**
 * One page of a list whose order is the same each time while the graph stays. Throws `invalid_input` for a cursor of
 * another question or state of the graph.
 */
export function pageOf<T>(all: readonly T[], request: PageRequest): Page<T> {
  const { offset, end, nextCursor } = pageWindow(request);
  return { items: all.slice(offset, end), nextCursor: nextCursor(all.length) };
}

/** For lists that are made only as far as they are shown. Throws as {@link pageOf} does. */
export function pageWindow(request: PageRequest): PageWindow {
  const question = hashOfQuestion(request.question);
  const offset = request.cursor === undefined ? 0 : offsetOf(request.cursor, request.edition, question);
  const end = offset + request.limit;
  const next = JSON.stringify([request.edition, end, question]);
  const nextCursor = (total: number): string | undefined =>
    end < total ? Buffer.from(next).toString('base64url') : undefined;
  return { offset, end, nextCursor };
}

function offsetOf(cursor: string, edition: number, question: string): number {
  const parsed = cursorSchema.safeParse(contentOf(cursor));
  const [ofEdition, offset, ofQuestion] = parsed.success ? parsed.data : [-1, 0, ''];
  if (ofQuestion !== question) {
    throw new AppError('invalid_input', `Cursor \`${cursor}\` does not belong to this question.`, {
      hint: 'Start over: ask without `cursor`, then pass `nextCursor` with the same arguments.',
    });
  }
  if (ofEdition !== edition) {
    throw new AppError('invalid_input', `The graph has changed since cursor \`${cursor}\` was given.`, {
      hint: 'Start over: ask without `cursor`.',
    });
  }
  return offset;
}
