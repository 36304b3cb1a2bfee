/**
 * Code has about 4 characters a token in the vocabularies of today's models; blocks of names and signatures were never
 * seen below this.
 */
const CHARACTERS_PER_TOKEN = 3.2;
const LETTERS_PER_TOKEN = 6;
const DIGITS_PER_TOKEN = 3;
/** Scripts with few tokens of their own in a vocabulary. */
const TOKENS_PER_FOREIGN_CHARACTER = 2;

const PARTS = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\sA-Za-z\d]/gu;

/**
 * How many tokens a text costs at most, in practice: by its length or, where it is dense with signs and digits, by its
 * parts.
 */
export function estimateTokens(text: string): number {
  let parts = 0;
  for (const [part] of text.matchAll(PARTS)) parts += tokensOf(part);
  const foreign = text.match(/[^\p{ASCII}]/gu)?.length ?? 0;
  const byLength = (text.length - foreign) / CHARACTERS_PER_TOKEN + foreign * TOKENS_PER_FOREIGN_CHARACTER;
  return Math.ceil(Math.max(byLength, parts));
}

function tokensOf(part: string): number {
  if (/^[A-Za-z]/.test(part)) return Math.ceil(part.length / LETTERS_PER_TOKEN);
  if (/^\d/.test(part)) return Math.ceil(part.length / DIGITS_PER_TOKEN);
  return /^\p{ASCII}$/u.test(part) ? 1 : TOKENS_PER_FOREIGN_CHARACTER;
}
