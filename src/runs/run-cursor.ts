import { Buffer } from 'node:buffer';
import { z } from 'zod';
import { AppError } from '../core/errors.ts';
import type { RunPosition } from './run-store.ts';

/** Postgres knows no year 0. */
const content = z.tuple([z.iso.datetime({ precision: 6 }).regex(/^(?!0000)/), z.string().regex(/^[\w-]{1,64}$/)]);

export function encodeCursor({ createdAt, runId }: RunPosition): string {
  return Buffer.from(JSON.stringify([createdAt, runId])).toString('base64url');
}

/** Throws `invalid_input` for anything that `encodeCursor` did not make. */
export function decodeCursor(cursor: string): RunPosition {
  try {
    const [createdAt, runId] = content.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    return { createdAt, runId };
  } catch (error) {
    throw new AppError('invalid_input', `The cursor \`${cursor.slice(0, 80)}\` is not one that run_list returned.`, {
      hint: 'Leave it out to begin with the newest run.',
      cause: error,
    });
  }
}
