import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { AppError } from './errors.ts';

/** Values that go out to clients and come back: they can be read on the way, and not be changed. */
export interface Sealer {
  /** `purpose` says what the value may be used for, and by whom: it opens for the same alone. */
  seal(purpose: readonly string[], value: unknown, ttlMs: number): string;
  /** Throws `invalid_input` for text that was not sealed so, or is too old. */
  open(purpose: readonly string[], text: string): unknown;
}

const KEY_BYTES = 32;
const contentSchema = z.tuple([z.number(), z.unknown()]);
const MAX_LENGTH = 64_000;

/** `secret`: random text that only the server knows; the same one opens after a restart. `now`: Unix time in ms. */
export function createSealer(secret: string, now: () => number = Date.now): Sealer {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'lightdom seal 1', KEY_BYTES));
  const mac = (purpose: readonly string[], body: string): Buffer =>
    createHmac('sha256', key)
      .update(JSON.stringify([purpose, body]))
      .digest();
  return {
    seal(purpose, value, ttlMs) {
      const body = Buffer.from(JSON.stringify([now() + ttlMs, value])).toString('base64url');
      return `${body}.${mac(purpose, body).toString('base64url')}`;
    },
    open(purpose, text) {
      const [body = '', tag = '', ...rest] = text.length > MAX_LENGTH ? [] : text.split('.');
      const given = Buffer.from(tag, 'base64url');
      const expected = mac(purpose, body);
      const isOurs = rest.length === 0 && given.length === expected.length && timingSafeEqual(given, expected);
      if (!isOurs) throw new AppError('invalid_input', 'It was not given out by this server for this use.');
      const [expiresAt, value] = contentSchema.parse(JSON.parse(Buffer.from(body, 'base64url').toString()));
      if (expiresAt < now()) throw new AppError('invalid_input', 'It was given out too long ago.');
      return value;
    },
  };
}
