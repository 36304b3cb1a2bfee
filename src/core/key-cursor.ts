import { createHash } from 'node:crypto';
import { z } from 'zod';
import { AppError } from './errors.ts';

/** Where a page of stored rows ended: the values that its order compares, last of them a unique one. */
export type PageKey = readonly (string | number)[];

const contentSchema = z.tuple([z.string(), z.array(z.union([z.string(), z.number()]))]);

/** A cursor that goes on after `key`, with the same `question` only. */
export function encodeKeyCursor(question: readonly unknown[], key: PageKey): string {
  return Buffer.from(JSON.stringify([hashOfQuestion(question), key])).toString('base64url');
}

/** The key that the cursor of this question holds. Throws `invalid_input` for any other. */
export function decodeKeyCursor<T>(schema: z.ZodType<T>, question: readonly unknown[], cursor: string): T {
  const parsed = contentSchema.safeParse(contentOf(cursor));
  const key =
    parsed.success && parsed.data[0] === hashOfQuestion(question) ? schema.safeParse(parsed.data[1]) : undefined;
  if (key?.success === true) return key.data;
  throw new AppError('invalid_input', `Cursor \`${cursor.slice(0, 80)}\` does not belong to this question.`, {
    hint: 'Start over: ask without `cursor`, then pass `nextCursor` with the same arguments.',
  });
}

/** Stands for the arguments of a question in a cursor, so that it does not go on with another. */
export function hashOfQuestion(question: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(question)).digest('base64url').slice(0, 10);
}

/** What a cursor holds; undefined for text that is none. */
export function contentOf(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
