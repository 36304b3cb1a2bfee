import { storableText } from '../core/db/index.ts';
import { redactText } from '../core/redact.ts';

/**
 * What the agent keeps has come from code, compilers, tests and models: each text is stored without what looks like a secret
 * and cut to a length. Cutting comes last, since half a secret no longer looks like one.
 */

/** At most `maxLength` characters. */
export function recordText(text: string, maxLength: number): string {
  const clean = storableText(redactText(text));
  return clean.length <= maxLength ? clean : storableText(`${clean.slice(0, maxLength - 1)}…`);
}

export function recordTextOrNull(text: string | undefined, maxLength: number): string | null {
  return text === undefined ? null : recordText(text, maxLength);
}

const MAX_JSON_TEXT = 4_000;
const MAX_JSON_ITEMS = 500;

/**
 * JSON of a value, every text and key in it cleaned in the same way, lists cut to 500 items. Of the same shape as the value, so
 * that its schema still reads it.
 */
export function recordJson(value: unknown): string {
  return JSON.stringify(recordValue(value)) ?? 'null';
}

function recordValue(value: unknown): unknown {
  if (typeof value === 'string') return recordText(value, MAX_JSON_TEXT);
  if (Array.isArray(value)) return value.slice(0, MAX_JSON_ITEMS).map(recordValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [recordText(key, MAX_JSON_TEXT), recordValue(inner)]),
  );
}
