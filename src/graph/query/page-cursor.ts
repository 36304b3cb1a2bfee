import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { contentOf, hashOfQuestion } from '../../core/key-cursor.ts';

const cursorSchema = z.tuple([z.number().int(), z.number().int().min(0), z.string()]);

export interface PageRequest {
  readonly generation: number;
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
 * One page of a list whose order is the same each time within a generation. Throws `invalid_input` for a cursor of
 * another question or generation.
 */
export function pageOf<T>(all: readonly T[], request: PageRequest): Page<T> {
  const { offset, end, nextCursor } = pageWindow(request);
  return { items: all.slice(offset, end), nextCursor: nextCursor(all.length) };
}

/** For lists that are made only as far as they are shown. Throws as {@link pageOf} does. */
export function pageWindow(request: PageRequest): PageWindow {
  const question = hashOfQuestion(request.question);
  const offset = request.cursor === undefined ? 0 : offsetOf(request.cursor, request.generation, question);
  const end = offset + request.limit;
  const next = JSON.stringify([request.generation, end, question]);
  const nextCursor = (total: number): string | undefined =>
    end < total ? Buffer.from(next).toString('base64url') : undefined;
  return { offset, end, nextCursor };
}

function offsetOf(cursor: string, generation: number, question: string): number {
  const parsed = cursorSchema.safeParse(contentOf(cursor));
  const [ofGeneration, offset, ofQuestion] = parsed.success ? parsed.data : [-1, 0, ''];
  if (ofQuestion !== question) {
    throw new AppError('invalid_input', `Cursor \`${cursor}\` does not belong to this question.`, {
      hint: 'Start over: ask without `cursor`, then pass `nextCursor` with the same arguments.',
    });
  }
  if (ofGeneration !== generation) {
    throw new AppError('invalid_input', `The workspace was indexed again since cursor \`${cursor}\` was given.`, {
      hint: 'Start over: ask without `cursor`.',
    });
  }
  return offset;
}
