/** What a character of a source text belongs to. */
export const TEXT_PARTS = { code: 0, comment: 1, string: 2, pattern: 3 } as const;

/** Before these a slash begins a pattern; after anything else it divides. */
const BEFORE_PATTERN = /(?:^|[(,=:[!&|?{};+\-*%>~^]|\b(?:return|typeof|case|in|of|do|else|void|delete|throw|new))\s*$/;
const LOOK_BACK = 24;

/**
 * Comments, strings and patterns of a source text, character by character. A scan without grammar: text between tags may
 * be taken for a string until the end of its line, never further.
 */
export function maskOf(text: string): Uint8Array {
  const mask = new Uint8Array(text.length);
  /** For each template that is open, how many braces are open in its present `${`. */
  const templates: number[] = [];
  for (let at = 0; at < text.length;) {
    const piece = templatePiece(text, at, templates) ?? plainPiece(text, at);
    if (piece === undefined) {
      at += 1;
      continue;
    }
    mask.fill(piece.part, at, piece.end);
    at = Math.max(at + 1, piece.end);
  }
  return mask;
}

interface Piece {
  readonly end: number;
  readonly part: number;
}

function plainPiece(text: string, at: number): Piece | undefined {
  const char = text[at];
  if (char === '"' || char === "'") return { end: stringEnd(text, at), part: TEXT_PARTS.string };
  if (char !== '/') return undefined;
  if (text[at + 1] === '/') return { end: endOf(text, '\n', at), part: TEXT_PARTS.comment };
  if (text[at + 1] === '*') return { end: endOf(text, '*/', at + 2) + 2, part: TEXT_PARTS.comment };
  return isPattern(text, at) ? { end: patternEnd(text, at), part: TEXT_PARTS.pattern } : undefined;
}

/** A part of a template; counts the braces of what stands inside of one. */
function templatePiece(text: string, at: number, templates: number[]): Piece | undefined {
  const char = text[at];
  const braces = templates.at(-1);
  const isResumed = char === '}' && braces === 0;
  if (isResumed) templates.pop();
  else if (braces !== undefined && (char === '{' || char === '}')) {
    templates[templates.length - 1] = braces + (char === '{' ? 1 : -1);
  }
  if (!isResumed && char !== '`') return undefined;
  const end = templateEnd(text, at + 1);
  if (text.startsWith('${', end - 2)) templates.push(0);
  return { end, part: TEXT_PARTS.string };
}

function endOf(text: string, ending: string, from: number): number {
  const found = text.indexOf(ending, from);
  return found < 0 ? text.length : found;
}

/** Behind the closing quote, or at the end of the line when there is none. */
function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length && text[at] !== '\n'; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === text[start]) return at + 1;
  }
  return endOf(text, '\n', start);
}

/** Behind the closing backtick or the next `${`. */
function templateEnd(text: string, start: number): number {
  for (let at = start; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '`') return at + 1;
    else if (text.startsWith('${', at)) return at + 2;
  }
  return text.length;
}

/** The slash of `</tag>` and of `<tag />` is none. */
function isPattern(text: string, at: number): boolean {
  if (text[at + 1] === '>' || text[at - 1] === '<') return false;
  return BEFORE_PATTERN.test(text.slice(Math.max(0, at - LOOK_BACK), at)) && patternEnd(text, at) > at + 1;
}

/** Behind the closing slash; no further than `start + 1` when the line holds none. */
function patternEnd(text: string, start: number): number {
  let isInClass = false;
  for (let at = start + 1; at < text.length && text[at] !== '\n'; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '[') isInClass = true;
    else if (text[at] === ']') isInClass = false;
    else if (text[at] === '/' && !isInClass) return at + 1;
  }
  return start + 1;
}
