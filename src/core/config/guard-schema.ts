import { z } from 'zod';
import { SCOPES } from '../access.ts';
import { keyFacts } from './key-facts.ts';

/** Settings of who may ask, how much, and of the record of it. */

export const SECURE_URL = 'a URL that starts with https://, or http:// on this machine';

/** Tokens and keys over plain HTTP could be read and replaced on the way. */
export function isSecureUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  if (url.username !== '' || url.password !== '' || url.hash !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.has(url.hostname));
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

export const oauthSchema = z.strictObject({
  issuer: z
    .url()
    .refine(isSecureUrl)
    .describe('Whose access tokens (JWT) are taken beside the local token; none unless this is given.')
    .register(keyFacts, { valid: SECURE_URL }),
  audience: z
    .url()
    .refine(isSecureUrl)
    .describe('URL by which clients know this server, `https://…/mcp`; tokens must be made out to it.')
    .register(keyFacts, { valid: SECURE_URL }),
  jwksUrl: z
    .url()
    .refine(isSecureUrl)
    .optional()
    .describe("The issuer's keys; without it its metadata say where they are, on its own host.")
    .register(keyFacts, { secret: 'url', valid: SECURE_URL }),
  requiredScopes: z
    .array(z.enum(SCOPES))
    .max(SCOPES.length)
    .default(['lightdom:read'])
    .describe('Scopes that a token must grant for any request; each tool needs its own besides.')
    .register(keyFacts, { separator: ',', valid: `a list of ${SCOPES.join(', ')}` }),
});

export const quotaShape = {
  rateLimit: z.strictObject({
    perMinute: z
      .number()
      .int()
      .min(1)
      .max(10_000_000)
      .default(6_000)
      .describe('Requests to /mcp and /api that one caller may send in a minute.'),
  }),
  maxConcurrent: z
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(64)
    .describe('Requests to /mcp and /api that one caller may have at work; of a client on stdio, calls.'),
};

export const tracingSchema = z.strictObject({
  endpoint: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('OTLP collector that traces are sent to over HTTP, such as http://127.0.0.1:4318; none without it.')
    .register(keyFacts, {
      env: 'OTEL_EXPORTER_OTLP_ENDPOINT',
      secret: 'url',
      valid: 'a URL that starts with https:// or http://',
    }),
  headers: z
    .string()
    .regex(/^[^=,\s]+=[^,\r\n]*(,[^=,\s]+=[^,\r\n]*)*$/)
    .optional()
    .describe('Headers for that collector: `name=value`, separated by commas.')
    .register(keyFacts, {
      env: 'OTEL_EXPORTER_OTLP_HEADERS',
      secret: 'whole',
      valid: '`name=value`, with commas between',
    }),
  sampleRatio: z.number().min(0).max(1).default(1).describe('Part of the traces that are kept, from 0 to 1.'),
});

export const auditSchema = z.strictObject({
  enabled: z
    .boolean()
    .default(true)
    .describe('Record each call in `audit.jsonl` of the data folder: who, what, outcome; arguments by hash alone.'),
  maxFileBytes: z
    .number()
    .int()
    .min(10_000)
    .max(10_000_000_000)
    .default(10_000_000)
    .describe('Size at which that file is put aside as `audit.1.jsonl`, and so on.'),
  maxFiles: z.number().int().min(1).max(1_000).default(5).describe('Such files that are kept.'),
});
