import { KIND } from './flat-kinds.ts';
import { FORM } from '../fact-forms.ts';
import type { FileFacts, HeirFacts, Link, OtherName } from '../fact-forms.ts';
import { spanKey } from '../span.ts';
import type { Span } from '../span.ts';
import type { ExportPatterns } from './export-patterns.ts';
import { exportNameOfValue } from './flat-common-js.ts';
import { isKey, literalOfKey } from './flat-keys.ts';
import { linkNameOf, linkOf } from './flat-links.ts';
import { FlatPlaces } from './flat-places.ts';
import type { FileTable, PlainKnowledge } from './flat-places.ts';
import { isConstructed, moduleSpecifierRole } from './flat-role.ts';
import { INITIALIZER_SLOT, NAME_SLOT, SLOT } from './flat-slots.ts';
import type { FlatTree } from './flat-tree.ts';
import { isPartOfType } from './flat-type-position.ts';

/** The rules of `file-facts.ts`, over a flat tree. */
export class FlatFacts {
  readonly #tree: FlatTree;
  readonly #texts: string[] = [];
  readonly #forms: number[] = [];
  readonly #around = new Map<number, Span>();
  readonly #literals = new Map<number, Span>();
  readonly #declared = new Map<number, number>();
  readonly #held = new Map<number, number>();
  readonly #links = new Map<number, Link>();
  readonly #otherNames = new Map<number, OtherName>();
  readonly #linkNames = new Set<string>();
  readonly #heirs: HeirFacts[] = [];
  readonly #places: FlatPlaces;
  readonly #exportPatterns: ExportPatterns;

  constructor(tree: FlatTree, exportPatterns: ExportPatterns) {
    this.#tree = tree;
    this.#exportPatterns = exportPatterns;
    this.#places = new FlatPlaces(tree);
  }

  /** `start` is where the use begins. */
  addUse(use: number, start: number): void {
    const tree = this.#tree;
    const kind = tree.kind(use);
    const index = this.#texts.length;
    const isName = kind === KIND.Identifier;
    const isKeyword = kind === KIND.SuperKeyword || kind === KIND.ThisKeyword;
    this.#texts.push(isKeyword ? '' : tree.value(use));
    const linkName = linkNameOf(tree, use);
    if (linkName !== undefined) this.#linkNames.add(linkName);
    let form = isPartOfType(tree, use) ? FORM.type : 0;
    if (!isName && !isKeyword && moduleSpecifierRole(tree, use) !== undefined) form |= FORM.module;
    if (kind === KIND.SuperKeyword) form |= FORM.super;
    if (isConstructed(tree, use)) form |= FORM.constructs;
    if (!isKeyword) form |= this.#formOfKey(index, use) | this.#formAround(index, use, start);
    this.#forms.push(form);
    this.#addLink(use);
    this.#places.addUse(use);
  }

  addDeclaration(declaration: number, anchor: number): void {
    this.#declared.set(this.#key(declaration), anchor);
    this.#places.anchors.set(declaration, anchor);
    const held = heldBy(this.#tree, declaration);
    if (held === 0) return;
    this.#held.set(this.#key(held), anchor);
    this.#places.held.set(held, anchor);
  }

  addHeir(heir: HeirFacts, bases: readonly number[]): void {
    this.#heirs.push(heir);
    for (const base of bases) this.#places.mayBeAsked(base);
  }

  table(known: PlainKnowledge): FileTable {
    return this.#places.build(known);
  }

  build(): Omit<FileFacts, 'constructors'> {
    return {
      texts: this.#texts,
      forms: Uint8Array.from(this.#forms),
      around: this.#around,
      literals: this.#literals,
      declared: this.#declared,
      held: this.#held,
      links: this.#links,
      otherNames: this.#otherNames,
      heirs: this.#heirs,
      linkNames: this.#linkNames,
    };
  }

  #formOfKey(index: number, use: number): number {
    const literal = literalOfKey(this.#tree, use);
    if (literal === 0) return 0;
    this.#literals.set(index, this.#span(literal));
    this.#places.mayBeAsked(literal);
    return isKey(this.#tree, use) ? FORM.key : 0;
  }

  #formAround(index: number, use: number, start: number): number {
    const tree = this.#tree;
    const parent = tree.parent(use);
    switch (tree.kind(parent)) {
      case KIND.ShorthandPropertyAssignment:
        this.#setAround(index, parent);
        if (exportNameOfValue(tree, use) !== undefined) {
          this.#setOtherName(parent, { as: 'shorthand', node: this.#span(parent) });
        }
        return FORM.shorthand;
      case KIND.PropertyAssignment:
        if (exportNameOfValue(tree, use) !== undefined) {
          this.#setOtherName(parent, { as: 'value', position: start });
        }
        return 0;
      case KIND.BindingElement:
        return this.#formInPattern(index, use, parent);
      default:
        return 0;
    }
  }

  #formInPattern(index: number, use: number, element: number): number {
    const tree = this.#tree;
    const pattern = tree.parent(element);
    if (tree.kind(pattern) !== KIND.ObjectBindingPattern) return 0;
    if (tree.child(element, INITIALIZER_SLOT[KIND.BindingElement] ?? -1) === use) return 0;
    if (this.#exportPatterns.mayTake(pattern)) {
      const key = this.#texts[index] ?? '';
      this.#setOtherName(element, { as: 'bound', pattern: this.#span(pattern), key });
      this.#places.mayBeAsked(pattern);
    }
    if (tree.child(element, NAME_SLOT[KIND.BindingElement] ?? -1) !== use) return 0;
    this.#setAround(index, pattern);
    return FORM.bound;
  }

  #addLink(use: number): void {
    const found = linkOf(this.#tree, use);
    if (found === undefined) return;
    this.#links.set(this.#key(found.node), found.link);
    this.#places.links.set(found.node, found.link);
  }

  #setAround(index: number, node: number): void {
    this.#around.set(index, this.#span(node));
    this.#places.mayBeAsked(node);
  }

  #setOtherName(node: number, other: OtherName): void {
    this.#otherNames.set(this.#key(node), other);
    this.#places.otherNames.set(node, other);
  }

  #span(node: number): Span {
    return { pos: this.#tree.pos(node), end: this.#tree.end(node) };
  }

  #key(node: number): number {
    return spanKey({ pos: this.#tree.pos(node), end: this.#tree.end(node) });
  }
}

/** The class or function expression that a declaration is the name of; 0 for none. */
function heldBy(tree: FlatTree, declaration: number): number {
  const value = valueOf(tree, declaration);
  const kind = tree.kind(value);
  return kind === KIND.ClassExpression || kind === KIND.FunctionExpression ? value : 0;
}

function valueOf(tree: FlatTree, declaration: number): number {
  const kind = tree.kind(declaration);
  switch (kind) {
    case KIND.VariableDeclaration:
      return tree.child(declaration, INITIALIZER_SLOT[kind] ?? -1);
    case KIND.ExportAssignment:
      return tree.child(declaration, SLOT.exported);
    case KIND.BinaryExpression:
      return tree.child(declaration, SLOT.right);
    default:
      return 0;
  }
}
