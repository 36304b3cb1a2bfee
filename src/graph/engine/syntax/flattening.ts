import { KIND } from '../flat/flat-kinds.ts';
import type { DocComments } from './doc-comments.ts';
import { SHAPES, TRANSPARENT } from './estree-shapes.ts';
import type { Field } from './estree-shapes.ts';
import { nodeAt, nodesAt, textAt } from './estree-node.ts';
import type { EsNode } from './estree-node.ts';
import { RowWriter } from './row-writer.ts';
import type { RowPlace } from './row-writer.ts';

/** Writes one node with all that is inside, in the form of the native compiler. */
export type Flattener = (into: Flattening, node: EsNode) => void;

const KEYWORDS: ReadonlyMap<string, number> = new Map([
  ['TSAnyKeyword', KIND.AnyKeyword],
  ['TSUnknownKeyword', KIND.UnknownKeyword],
  ['TSNeverKeyword', KIND.NeverKeyword],
  ['TSNullKeyword', KIND.NullKeyword],
  ['TSUndefinedKeyword', KIND.UndefinedKeyword],
]);

/** The rows of one file while they are made of its ESTree. */
export class Flattening {
  readonly text: string;
  readonly writer = new RowWriter();
  readonly #docs: DocComments;
  readonly #flatteners: ReadonlyMap<string, Flattener>;

  /** `flatteners` are for the types whose nodes are not the same in both forms. */
  constructor(text: string, docs: DocComments, flatteners: ReadonlyMap<string, Flattener>) {
    this.text = text;
    this.#docs = docs;
    this.#flatteners = flatteners;
  }

  emit(node: EsNode): void {
    const inner = TRANSPARENT.get(node.type);
    const only = inner === undefined ? undefined : nodeAt(node, inner);
    if (only !== undefined) {
      this.emit(only);
      return;
    }
    const flattener = this.#flatteners.get(node.type);
    if (flattener !== undefined) {
      flattener(this, node);
      return;
    }
    const shape = SHAPES.get(node.type);
    // What is left are types that are keywords: no rule asks for them.
    const kind = shape?.kind ?? KEYWORDS.get(node.type) ?? KIND.StringKeyword;
    this.node({ kind, pos: node.start, end: node.end }, () => {
      for (const field of shape?.fields ?? []) this.#field(node, field);
    });
  }

  /** A node, what `inside` writes in it, and the comment that documents it. */
  node(place: RowPlace, inside: () => void): void {
    this.writer.open(place);
    inside();
    this.#docs.write(place, this.writer);
    this.writer.close();
  }

  child(slot: number, node: EsNode | undefined): void {
    if (node === undefined) return;
    this.writer.at(slot);
    this.emit(node);
  }

  /** A list is there even when it is empty; `pos` matters only where bodies begin. */
  list(
    slot: number,
    nodes: readonly EsNode[],
    options: { readonly pos?: number; readonly each?: Flattener } = {},
  ): void {
    const { pos = nodes[0]?.start ?? 0, each } = options;
    this.writer.at(slot).openList(pos, nodes.at(-1)?.end ?? pos);
    for (const node of nodes) {
      if (each === undefined) this.emit(node);
      else each(this, node);
    }
    this.writer.close();
  }

  /** Types in angle brackets. */
  types(slot: number, node: EsNode | undefined): void {
    if (node !== undefined) this.list(slot, nodesAt(node, 'params'));
  }

  token(slot: number, kind: number, pos: number): void {
    this.writer.at(slot).leaf({ kind, pos, end: pos });
  }

  name(slot: number, node: EsNode): void {
    this.writer.at(slot);
    this.plainName(node);
  }

  /** The parser's own node reaches to the end of the type behind a name. */
  plainName(node: EsNode): void {
    const text = textAt(node, 'name');
    this.writer.leaf({ kind: KIND.Identifier, pos: node.start, end: node.start + text.length }, text);
  }

  #field(node: EsNode, { slot, name, form }: Field): void {
    if (form === 'list') this.list(slot, nodesAt(node, name));
    else if (form === 'types') this.types(slot, nodeAt(node, name));
    else this.child(slot, nodeAt(node, name));
  }
}
