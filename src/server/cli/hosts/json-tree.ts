import { AppError } from '../../../core/errors.ts';

/** A value of a JSON text with its place, so that the text can be changed around it. */
export interface JsonNode {
  readonly start: number;
  /** Offset behind it. */
  readonly end: number;
  readonly value: unknown;
  /** The members of an object or the elements of an array, in order; undefined for anything else. */
  readonly members?: readonly JsonMember[];
  /** A comma stands behind the last member. */
  readonly hasLastComma?: boolean;
}

export interface JsonMember {
  /** Empty for an element of an array. */
  readonly key: string;
  readonly start: number;
  readonly node: JsonNode;
}

const MAX_DEPTH = 200;

const SPACE = /[ \t\r\n\uFEFF]*/y;
const SPACE_AND_COMMENTS = /(?:[ \t\r\n\uFEFF]+|\/\/[^\n]*|\/\*[^]*?\*\/)*/y;
const STRING = /"[^"\\\n\r\t]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\n\r\t]*)*"/y;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

export interface JsonSource {
  readonly file: string;
  /** Whether comments, and commas behind the last member, are allowed. */
  readonly hasComments: boolean;
}

/** Throws `invalid_input` with line and column where the text is not JSON. */
export function readJsonTree(text: string, source: JsonSource): JsonNode {
  return new JsonReader(text, source).readDocument();
}

class JsonReader {
  readonly #text: string;
  readonly #source: JsonSource;
  #at = 0;

  constructor(text: string, source: JsonSource) {
    this.#text = text;
    this.#source = source;
  }

  readDocument(): JsonNode {
    this.#skipSpace();
    const node = this.#readValue(0);
    this.#skipSpace();
    if (this.#at < this.#text.length) throw this.#malformed();
    return node;
  }

  #readValue(depth: number): JsonNode {
    if (depth > MAX_DEPTH) throw this.#malformed();
    const first = this.#text[this.#at];
    if (first === '{') return this.#readMembers('}', depth);
    if (first === '[') return this.#readMembers(']', depth);
    const start = this.#at;
    const raw = first === '"' ? this.#take(STRING) : this.#take(SCALAR);
    return { start, end: this.#at, value: JSON.parse(raw) };
  }

  #readMembers(close: '}' | ']', depth: number): JsonNode {
    const start = this.#at;
    const members: JsonMember[] = [];
    let hasLastComma = false;
    this.#at += 1;
    for (;;) {
      this.#skipSpace();
      if (this.#text[this.#at] === close && !(hasLastComma && !this.#source.hasComments)) break;
      if (members.length > 0 && !hasLastComma) throw this.#malformed();
      members.push(this.#readMember(close === '}', depth));
      this.#skipSpace();
      hasLastComma = this.#text[this.#at] === ',';
      if (hasLastComma) this.#at += 1;
    }
    this.#at += 1;
    const value =
      close === '}'
        ? Object.fromEntries(members.map(({ key, node }) => [key, node.value]))
        : members.map(({ node }) => node.value);
    return { start, end: this.#at, value, members, hasLastComma };
  }

  #readMember(isNamed: boolean, depth: number): JsonMember {
    const start = this.#at;
    if (!isNamed) return { key: '', start, node: this.#readValue(depth + 1) };
    const key = String(JSON.parse(this.#take(STRING)));
    this.#skipSpace();
    if (this.#text[this.#at] !== ':') throw this.#malformed();
    this.#at += 1;
    this.#skipSpace();
    return { key, start, node: this.#readValue(depth + 1) };
  }

  #skipSpace(): void {
    this.#take(this.#source.hasComments ? SPACE_AND_COMMENTS : SPACE);
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined) throw this.#malformed();
    this.#at += found.length;
    return found;
  }

  /** Says where, and quotes nothing: the text may hold secrets. */
  #malformed(): AppError {
    const before = this.#text.slice(0, this.#at).split('\n');
    const column = (before.at(-1) ?? '').length + 1;
    return new AppError(
      'invalid_input',
      `${this.#source.file} is not valid JSON at line ${before.length}, column ${column}.`,
      {
        hint: 'Mend it, or add the snippet by hand; nothing was changed.',
      },
    );
  }
}
