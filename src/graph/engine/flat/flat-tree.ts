import { skipTrivia } from 'typescript/unstable/ast/scanner';
import { KIND } from './flat-kinds.ts';
import { COLUMN, ROW_SHIFT, slotChild } from './flat-rows.ts';

/** What a parser made of one file, as rows. */
export interface FlatRows {
  readonly rows: Int32Array;
  readonly count: number;
  readonly text: string;
  /** Whether it is a JavaScript file. */
  readonly isScript: boolean;
  /** The file, as the parser names it. */
  readonly path: () => string;
  /** Text of a name or of a literal, without quotes and escapes. */
  readonly value: (node: number) => string;
}

/**
 * The syntax tree of one file: a table of numbers, a row a node, in the order of a walk. A node is the number of its row;
 * 0 is none. Lists of nodes have rows of their own, but are nobody's parent. The form is that of the native compiler;
 * other parsers write it too, so that the rules over it need to be written once.
 */
export class FlatTree {
  readonly rows: Int32Array;
  readonly count: number;
  readonly text: string;
  /** Whether it is a JavaScript file. */
  readonly isScript: boolean;
  readonly #source: FlatRows;

  constructor(source: FlatRows) {
    this.#source = source;
    this.rows = source.rows;
    this.count = source.count;
    this.text = source.text;
    this.isScript = source.isScript;
  }

  kind(node: number): number {
    return this.rows[(node << ROW_SHIFT) + COLUMN.kind] ?? 0;
  }

  pos(node: number): number {
    return this.rows[(node << ROW_SHIFT) + COLUMN.pos] ?? 0;
  }

  end(node: number): number {
    return this.rows[(node << ROW_SHIFT) + COLUMN.end] ?? 0;
  }

  /** Next child of the same parent, or next element of the same list. */
  next(node: number): number {
    return this.rows[(node << ROW_SHIFT) + COLUMN.next] ?? 0;
  }

  parent(node: number): number {
    return this.rows[(node << ROW_SHIFT) + COLUMN.parent] ?? 0;
  }

  first(node: number): number {
    return this.rows[(node << ROW_SHIFT) + COLUMN.first] ?? 0;
  }

  data(node: number): number {
    return this.rows[(node << ROW_SHIFT) + COLUMN.data] ?? 0;
  }

  flags(node: number): number {
    return this.rows[(node << ROW_SHIFT) + COLUMN.flags] ?? 0;
  }

  /** The child in one of the places that nodes of this kind have for children; lists are children too. */
  child(node: number, slot: number): number {
    return slot < 0 ? 0 : slotChild(this.rows, node, slot);
  }

  /** Number of elements of a list; 0 for a list that is not there. */
  size(list: number): number {
    return list === 0 ? 0 : this.data(list);
  }

  /** Where the node's first token begins, after comments and blanks. A node that the parser only assumed has none. */
  start(node: number): number {
    const pos = this.pos(node);
    if (pos === this.end(node) && this.kind(node) !== KIND.EndOfFile) return pos;
    return startAfterTrivia(this.text, pos);
  }

  /** The source text of a node. */
  source(node: number): string {
    return this.text.slice(this.start(node), this.end(node));
  }

  /** Text of a name or of a literal, without quotes and escapes; it does not keep the text of the file alive. */
  value(node: number): string {
    return this.#source.value(node);
  }

  /** The file, as the parser names it. */
  path(): string {
    return this.#source.path();
  }
}

/** Most nodes begin at once or after one blank; only the others need all the rules. */
function startAfterTrivia(text: string, pos: number): number {
  const first = text.charCodeAt(pos);
  if (isPlain(first)) return pos;
  return (first === 32 || first === 10) && isPlain(text.charCodeAt(pos + 1)) ? pos + 1 : skipTrivia(text, pos);
}

/** Letters, `_` and `$`, quotes, brackets, dots: nothing that trivia could begin with. */
function isPlain(code: number): boolean {
  return (code >= 64 && code < 124) || code === 40 || code === 39 || code === 34 || code === 36 || code === 46;
}
