import type { ServerContext } from '@modelcontextprotocol/server';
import { AppError } from '../../core/errors.ts';
import type { Sealer } from '../../core/seal.ts';

/** Larger than any surface an agent should be shown at once; the pages are there for catalogs that grow past it. */
const PAGE_SIZE = 50;

export interface ListPage<T> {
  readonly items: T[];
  /** Present while there is more. */
  readonly nextCursor?: string;
}

/** One page of a list, as the caller of a request is shown it. */
export type Page = <T>(all: readonly T[], cursor: string | undefined, request: ServerContext) => ListPage<T>;

/** A list as one caller is shown it. */
export interface ListQuestion {
  /** `tools/list` */
  readonly list: string;
  readonly principal: string;
  readonly cursor: string | undefined;
  readonly sealer: () => Sealer;
}

/** One page of a fixed list. Throws `invalid_input` for a cursor that no page of this list gave to this caller. */
export function pageOf<T>(all: readonly T[], question: ListQuestion, size = PAGE_SIZE): ListPage<T> {
  const start = offsetOf(question, all.length);
  const end = start + size;
  const items = all.slice(start, end);
  return end < all.length ? { items, nextCursor: question.sealer().sign(purposeOf(question), String(end)) } : { items };
}

function purposeOf({ list, principal }: ListQuestion): string[] {
  return ['list', list, principal];
}

function offsetOf(question: ListQuestion, length: number): number {
  const { cursor, sealer } = question;
  if (cursor === undefined) return 0;
  try {
    const offset = Number(sealer().verify(purposeOf(question), cursor));
    // The list of a former version may have been longer.
    if (offset < length) return offset;
  } catch (error) {
    throw refused(cursor, error);
  }
  throw refused(cursor);
}

function refused(cursor: string, cause?: unknown): AppError {
  return new AppError('invalid_input', `The cursor "${cursor.slice(0, 80)}" is not one that this list gave.`, {
    hint: 'Ask without a cursor for the first page.',
    cause,
  });
}
