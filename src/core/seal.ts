import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { AppError } from './errors.ts';

/** Values that go out to clients and come back: they can be read on the way, and not be changed. */
export interface Sealer {
  /** `purpose` says what the value may be used for, and by whom: it opens for the same alone. */
  seal(purpose: readonly string[], value: unknown, ttlMs: number): string;
  /** Throws `invalid_input` for text that was not sealed so, or is too old. */
  open(purpose: readonly string[], text: string): unknown;
  /** For short text that is used soon, such as a cursor: the text with a tag of 22 letters, good for a day at least. */
  sign(purpose: readonly string[], text: string): string;
  /** The text that was signed. Throws `invalid_input` for one that was not, or is older than two days. */
  verify(purpose: readonly string[], signed: string): string;
}

const KEY_BYTES = 32;
const contentSchema = z.tuple([z.number(), z.unknown()]);
const MAX_LENGTH = 64_000;
/** 128 bits: nobody guesses them, and an agent pays for each letter. */
const TAG_BYTES = 16;
const DAY_MS = 24 * 60 * 60_000;

/** `secret`: random text that only the server knows; the same one opens after a restart. `now`: Unix time in ms. */
export function createSealer(secret: string, now: () => number = Date.now): Sealer {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'lightdom seal 1', KEY_BYTES));
  const mac = (purpose: readonly string[], body: string): Buffer =>
    createHmac('sha256', key)
      .update(JSON.stringify([purpose, body]))
      .digest();
  const today = (): number => Math.floor(now() / DAY_MS);
  /** The day is under the tag and not in the text: who opens it tries today and yesterday. */
  const tagOf = (purpose: readonly string[], text: string, day: number): Buffer =>
    mac([...purpose, `day ${day}`], text).subarray(0, TAG_BYTES);
  return {
    seal(purpose, value, ttlMs) {
      const body = Buffer.from(JSON.stringify([now() + ttlMs, value])).toString('base64url');
      return `${body}.${mac(purpose, body).toString('base64url')}`;
    },
    open(purpose, text) {
      const [body = '', tag = '', ...rest] = text.length > MAX_LENGTH ? [] : text.split('.');
      if (rest.length > 0 || !isSame(Buffer.from(tag, 'base64url'), mac(purpose, body))) throw foreign();
      const [expiresAt, value] = contentSchema.parse(JSON.parse(Buffer.from(body, 'base64url').toString()));
      if (expiresAt < now()) throw new AppError('invalid_input', 'It was given out too long ago.');
      return value;
    },
    sign: (purpose, text) => `${text}.${tagOf(purpose, text, today()).toString('base64url')}`,
    verify(purpose, signed) {
      const at = signed.length > MAX_LENGTH ? -1 : signed.lastIndexOf('.');
      const text = signed.slice(0, Math.max(0, at));
      const given = Buffer.from(signed.slice(at + 1), 'base64url');
      const isOurs = [today(), today() - 1].some((day) => isSame(given, tagOf(purpose, text, day)));
      if (at < 0 || !isOurs) throw foreign();
      return text;
    },
  };
}

function isSame(given: Buffer, expected: Buffer): boolean {
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function foreign(): AppError {
  return new AppError('invalid_input', 'It was not given out by this server for this use.');
}
