import { AppError } from '../../core/errors.ts';

/** Larger than any surface an agent should be shown at once; the pages are there for catalogs that grow past it. */
const PAGE_SIZE = 50;
const CURSOR_PREFIX = 'after:';

export interface ListPage<T> {
  readonly items: T[];
  /** Present while there is more. */
  readonly nextCursor?: string;
}

/** One page of a fixed list. Throws `invalid_input` for a cursor that no page of this list gave. */
export function pageOf<T>(all: readonly T[], cursor: string | undefined, size = PAGE_SIZE): ListPage<T> {
  const start = cursor === undefined ? 0 : decodeCursor(cursor, all.length);
  const end = start + size;
  const items = all.slice(start, end);
  return end < all.length ? { items, nextCursor: encodeCursor(end) } : { items };
}

function encodeCursor(offset: number): string {
  return Buffer.from(`${CURSOR_PREFIX}${offset}`).toString('base64url');
}

function decodeCursor(cursor: string, length: number): number {
  const text = Buffer.from(cursor, 'base64url').toString();
  const offset = text.startsWith(CURSOR_PREFIX) ? Number(text.slice(CURSOR_PREFIX.length)) : Number.NaN;
  if (Number.isInteger(offset) && offset > 0 && offset < length) return offset;
  throw new AppError('invalid_input', `The cursor "${cursor.slice(0, 80)}" is not one that this list gave.`, {
    hint: 'Ask without a cursor for the first page.',
  });
}
