/** In these a joiner between two letters is part of the spelling; anywhere else nobody sees it. */
const JOINING_SCRIPTS =
  'Arabic Syriac Nko Mongolian Devanagari Bengali Gurmukhi Gujarati Oriya Tamil Telugu Kannada Malayalam Sinhala Khmer Myanmar Tibetan';
const JOINING = JOINING_SCRIPTS.split(' ')
  .map((script) => `\\p{Script=${script}}`)
  .join('');

/**
 * Control characters (C0, DEL, C1), what changes the direction of text, and what nobody sees: zero-width characters, tags,
 * variation selectors, fillers. Not tab, line feed, nor carriage return before it.
 */
const HIDDEN = new RegExp(
  `[\\p{Cc}\\p{Default_Ignorable_Code_Point}\\u2028\\u2029\\uFFF9-\\uFFFB]` +
    `(?<!\\t|\\n|\\r(?=\\n)|[${JOINING}][\\u200C\\u200D](?=[${JOINING}]))`,
  'gu',
);

/**
 * Text from outside (names, comments, messages, output of programs) as a person would see it: what is hidden in it could
 * speak to a model, or turn a line around, without anybody noticing. Letters of every script stay.
 */
export function visibleText(text: string): string {
  return text.replace(HIDDEN, '');
}

/** The same for every text and key within a JSON value; the value itself when there is nothing to take out. Its shape stays. */
export function visibleValue<T>(value: T): T;
export function visibleValue(value: unknown): unknown {
  return visibleOf(value);
}

function visibleOf(value: unknown): unknown {
  if (typeof value === 'string') return visibleText(value);
  if (Array.isArray(value)) {
    const items = value.map((item) => visibleOf(item));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const seen = entries.map(([key, inner]) => [visibleText(key), visibleOf(inner)] as const);
  const isSame = seen.every(([key, inner], index) => key === entries[index]?.[0] && inner === entries[index][1]);
  return isSame ? value : Object.fromEntries(seen);
}
