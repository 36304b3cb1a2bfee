/** Brackets within brackets; people write a tenth of it, and the parser still gets through twenty times as many. */
const MAX_BRACKETS = 1_000;
/** What may begin something inside of what came before, in one statement: `!!!x`, `a=b=c`, `if (a) if (b)`, `a.b.c`. */
const MAX_CHAIN = 10_000;
/** Comments and texts, brackets, what ends a statement, and what may go one deeper. */
const TOKENS =
  /\/\/.*|\/\*[^]*?\*\/|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|[([{]|[)\]}]|[;,]|\n\s*(?:const|let|var|import|export|return|throw)\b|[!~+\-*/%&|^?:=<.]|\b(?:if|else|for|while|do|with|new|typeof|void|delete|await|yield|keyof|unique|readonly|infer|extends|as|satisfies|in|instanceof|class|function|async)\b/g;

/**
 * Whether a text may nest so deeply that a parser that calls itself runs out of stack. It is careful: what is refused
 * may still be parsed by one that has more. Most files are seen to be harmless at a glance.
 */
export function isTooDeep(text: string): boolean {
  return (isSuspicious(text) && exceeds(text)) || hasManyBranches(text);
}

/** Counts signs and blanks in the place of tokens: never less than there are. */
function isSuspicious(text: string): boolean {
  const levels = new Levels();
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    // Letters, digits and `_`, the most of all text.
    if (code >= 48 && code !== 58 && code !== 59 && code !== 60 && code !== 61 && code !== 63 && code < 91) continue;
    if (code >= 95 && code < 123 && code !== 96) continue;
    if (levels.add(code)) return true;
  }
  return false;
}

/** `if (a); else if (b); else …` goes on behind the end of a statement. */
function hasManyBranches(text: string): boolean {
  let count = 0;
  for (let at = text.indexOf('else'); at >= 0; at = text.indexOf('else', at + 4)) count += 1;
  return count > MAX_CHAIN;
}

function exceeds(text: string): boolean {
  const levels = new Levels();
  for (const { 0: token } of text.matchAll(TOKENS)) {
    const code = token.charCodeAt(0);
    if (token.length > 1 && (code === 47 || code === 39 || code === 34)) continue;
    if (levels.add(code === 10 ? SEMICOLON : code)) return true;
  }
  return false;
}

const COMMA = 44;
const SEMICOLON = 59;

/** How much may nest at each level of brackets since the last end of a statement. */
class Levels {
  readonly #chains = [0];

  /** True when it is too much. */
  add(code: number): boolean {
    const depth = this.#chains.length - 1;
    switch (code) {
      case 40:
      case 91:
      case 123:
        this.#chains.push(0);
        return depth >= MAX_BRACKETS;
      case 41:
      case 93:
      case 125:
        if (depth > 0) this.#chains.pop();
        return this.#count();
      case COMMA:
      case SEMICOLON:
        this.#chains[depth] = 0;
        return false;
      default:
        return this.#count();
    }
  }

  #count(): boolean {
    const depth = this.#chains.length - 1;
    const chain = (this.#chains[depth] ?? 0) + 1;
    this.#chains[depth] = chain;
    return chain > MAX_CHAIN;
  }
}
