/** Parts of an identifier or a text, in lower case: `parseHTTPUrl_v2` → `parse`, `http`, `url`, `v`, `2`. */
export function splitWords(text: string): string[] {
  const parts = text.match(/\p{Lu}+(?![\p{Ll}])|\p{Lu}?[\p{Ll}]+|[\p{Lo}\p{Lm}]+|\p{N}+/gu) ?? [];
  return parts.map((part) => part.toLowerCase());
}

/** Letters and digits alone, in lower case: how a whole name is found whatever its case and separators. */
export function squash(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '');
}

/** Endings that tell forms of one English word apart, longest first, with what takes their place. */
const ENDINGS = [
  ['ies', 'y'],
  ['ing', ''],
  ['ed', ''],
  ['es', ''],
  ['s', ''],
] as const;
const SHORTEST_STEM = 3;

/** A light stem: enough that `caches`, `cached` and `caching` meet, without a dictionary. */
export function stem(word: string): string {
  for (const [ending, replacement] of ENDINGS) {
    if (!word.endsWith(ending) || word.endsWith('ss')) continue;
    const base = word.slice(0, -ending.length) + replacement;
    return base.length >= SHORTEST_STEM ? base : word;
  }
  return word.length > SHORTEST_STEM && word.endsWith('e') ? word.slice(0, -1) : word;
}
