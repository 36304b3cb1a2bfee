/**
 * Where JSON text stops being JSON. The engine's own message names no position for some errors and quotes the text,
 * which may hold secrets. Returns undefined for text that is nested too deep to be walked.
 */
export function findJsonError(text: string): { line: number; column: number } | undefined {
  try {
    const end = skipValue(text, 0);
    const offset = end.ok ? skipSpace(text, end.offset) : end.offset;
    const before = text.slice(0, offset).split('\n');
    return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Offset behind what was read, or offset of the character that does not fit. */
interface Step {
  readonly ok: boolean;
  readonly offset: number;
}

/** Of the control characters, which strings must escape, only the likely ones are looked for. */
const SCALAR =
  /"(?:[^"\\\n\r\t]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const STRING = /"(?:[^"\\\n\r\t]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SPACE = /[ \t\r\n]*/y;

function skipValue(text: string, from: number): Step {
  const offset = skipSpace(text, from);
  if (text[offset] === '{') return skipMembers(text, offset + 1, '}');
  if (text[offset] === '[') return skipMembers(text, offset + 1, ']');
  return skipPattern(SCALAR, text, offset);
}

function skipMembers(text: string, from: number, close: '}' | ']'): Step {
  let offset = skipSpace(text, from);
  if (text[offset] === close) return { ok: true, offset: offset + 1 };
  for (;;) {
    const member = close === '}' ? skipProperty(text, offset) : skipValue(text, offset);
    if (!member.ok) return member;
    offset = skipSpace(text, member.offset);
    if (text[offset] === close) return { ok: true, offset: offset + 1 };
    if (text[offset] !== ',') return { ok: false, offset };
    offset += 1;
  }
}

function skipProperty(text: string, from: number): Step {
  const name = skipPattern(STRING, text, skipSpace(text, from));
  if (!name.ok) return name;
  const colon = skipSpace(text, name.offset);
  return text[colon] === ':' ? skipValue(text, colon + 1) : { ok: false, offset: colon };
}

function skipSpace(text: string, from: number): number {
  return skipPattern(SPACE, text, from).offset;
}

function skipPattern(pattern: RegExp, text: string, offset: number): Step {
  pattern.lastIndex = offset;
  return pattern.test(text) ? { ok: true, offset: pattern.lastIndex } : { ok: false, offset };
}
