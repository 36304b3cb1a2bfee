/**
 * Globs as .gitignore files and workspace lists use them: `*`, `?`, `[a-z]` within a segment, `**` across segments.
 * Both levels use the same scan that only ever goes back to the last star, so that a pattern from a foreign
 * repository costs at most the product of both lengths; a regular expression could be made to run for hours.
 */
export function matchesGlob(pattern: string, path: string): boolean {
  return matchesSequence(pattern.split('/'), path.split('/'), {
    isStar: (segment) => segment === '**',
    isSame: matchesSegment,
  });
}

function matchesSegment(pattern: string, name: string): boolean {
  if (!/[*?[\\]/.test(pattern)) return pattern === name;
  return matchesSequence(tokensOf(pattern), Array.from(name), {
    isStar: (token) => token.kind === 'star',
    isSame: (token, letter) => matchesToken(token, letter),
  });
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
