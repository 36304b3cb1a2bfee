/**
 * Globs as .gitignore files and workspace lists use them: `*`, `?`, `[a-z]` within a segment, `**` across segments.
 * Both levels use the same scan that only ever goes back to the last star, so that a pattern from a foreign
 * repository costs at most the product of both lengths; a regular expression could be made to run for hours.
 */
export function matchesGlob(pattern: string, path: string): boolean {
  const { ending, segments } = compiledOf(pattern);
  if (ending !== undefined && !path.endsWith(ending)) return false;
  return matchesSequence(segments, path.split('/'), SEGMENT_RULES);
}

interface CompiledGlob {
  readonly segments: readonly Segment[];
  /** Every path that matches ends with it: most paths are told by that. */
  readonly ending: string | undefined;
}

/** A part of a pattern between slashes: a text that has to be there, or tokens. */
interface Segment {
  readonly isStar: boolean;
  readonly text: string | undefined;
  readonly tokens: readonly Token[];
}

const SEGMENT_RULES: SequenceRules<Segment> = {
  isStar: ({ isStar }) => isStar,
  isSame: ({ text, tokens }, name) =>
    text === undefined ? matchesSequence(tokens, Array.from(name), TOKEN_RULES) : text === name,
};

/** Patterns are few, and each is asked of thousands of paths. */
const MAX_COMPILED = 10_000;
const compiled = new Map<string, CompiledGlob>();

function compiledOf(pattern: string): CompiledGlob {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  if (compiled.size >= MAX_COMPILED) compiled.clear();
  const segments = pattern.split('/').map((text) => {
    const isPlain = !/[*?[\\]/.test(text);
    return { isStar: text === '**', text: isPlain ? text : undefined, tokens: isPlain ? [] : tokensOf(text) };
  });
  const made = { segments, ending: /[^/*?[\]\\]+$/.exec(pattern)?.[0] };
  compiled.set(pattern, made);
  return made;
}

interface SequenceRules<P> {
  readonly isStar: (part: P) => boolean;
  readonly isSame: (part: P, item: string) => boolean;
}

function matchesSequence<P>(parts: readonly P[], items: readonly string[], rules: SequenceRules<P>): boolean {
  let part = 0;
  let item = 0;
  let starPart = -1;
  let starItem = 0;
  while (item < items.length) {
    const wanted = parts[part];
    if (wanted !== undefined && rules.isStar(wanted)) {
      starPart = part;
      starItem = item;
      part += 1;
    } else if (wanted !== undefined && rules.isSame(wanted, items[item] ?? '')) {
      part += 1;
      item += 1;
    } else if (starPart >= 0) {
      starItem += 1;
      item = starItem;
      part = starPart + 1;
    } else {
      return false;
    }
  }
  return parts.slice(part).every((rest) => rules.isStar(rest));
}

type Token =
  | { readonly kind: 'star' }
  | { readonly kind: 'any' }
  | { readonly kind: 'letter'; readonly letter: string }
  | { readonly kind: 'class'; readonly isNegated: boolean; readonly ranges: readonly (readonly [string, string])[] };

const TOKEN_RULES: SequenceRules<Token> = {
  isStar: ({ kind }) => kind === 'star',
  isSame: matchesToken,
};

function tokensOf(pattern: string): Token[] {
  const tokens: Token[] = [];
  const parts = /\[([!^]?)(\]?[^\]]*)\]|\\(.)|([^])/gu;
  for (const [, negation, members, escaped, letter = ''] of pattern.matchAll(parts)) {
    if (members !== undefined) tokens.push({ kind: 'class', isNegated: negation !== '', ranges: rangesOf(members) });
    else if (escaped !== undefined) tokens.push({ kind: 'letter', letter: escaped });
    else if (letter === '*') tokens.push({ kind: 'star' });
    else tokens.push(letter === '?' ? { kind: 'any' } : { kind: 'letter', letter });
  }
  return tokens;
}

function rangesOf(members: string): (readonly [string, string])[] {
  return [...members.matchAll(/(.)-(.)|(.)/gsu)].map(([, from, to, single = '']) => [from ?? single, to ?? single]);
}

function matchesToken(token: Token, letter: string): boolean {
  if (token.kind === 'letter') return token.letter === letter;
  if (token.kind !== 'class') return true;
  return token.ranges.some(([from, to]) => from <= letter && letter <= to) !== token.isNegated;
}
