import { KIND } from '../flat/flat-kinds.ts';
import { isSet, nodeAt, nodesAt, textAt } from './estree-node.ts';
import type { EsNode } from './estree-node.ts';
import type { Flattener, Flattening } from './flattening.ts';

/** What stands around a declaration and belongs to it in the compiler's form: `export`, `export default`. */
export interface Exported {
  readonly start: number;
  readonly end: number;
  readonly isDefault: boolean;
}

/** Modifiers by the fields that say them. */
const MODIFIERS: readonly (readonly [string, number])[] = [
  ['declare', KIND.DeclareKeyword],
  ['static', KIND.StaticKeyword],
  ['abstract', KIND.AbstractKeyword],
  ['override', KIND.OverrideKeyword],
  ['readonly', KIND.ReadonlyKeyword],
  ['async', KIND.AsyncKeyword],
];
const ACCESS: ReadonlyMap<string, number> = new Map([
  ['public', KIND.PublicKeyword],
  ['private', KIND.PrivateKeyword],
  ['protected', KIND.ProtectedKeyword],
]);

/** The list of modifiers in the first place of a declaration; none when it has none. */
export function modifiers(into: Flattening, node: EsNode, more: readonly number[] = []): void {
  const kinds = [...more];
  for (const [field, kind] of MODIFIERS) if (isSet(node, field)) kinds.push(kind);
  const access = ACCESS.get(textAt(node, 'accessibility'));
  if (access !== undefined) kinds.push(access);
  const decorators = nodesAt(node, 'decorators');
  if (kinds.length === 0 && decorators.length === 0) return;
  into.writer.at(0).openList(node.start, node.start);
  for (const decorator of decorators) into.emit(decorator);
  for (const kind of kinds) into.writer.leaf({ kind, pos: node.start, end: node.start });
  into.writer.close();
}

export function exportModifiers(exported: Exported | undefined): readonly number[] {
  if (exported === undefined) return [];
  return exported.isDefault ? [KIND.ExportKeyword, KIND.DefaultKeyword] : [KIND.ExportKeyword];
}

/** Where a declaration begins: decorators may stand before `export`. */
export function startOf(node: EsNode, exported?: Exported): number {
  const decorator = nodesAt(node, 'decorators')[0]?.start ?? node.start;
  return Math.min(node.start, decorator, exported?.start ?? node.start);
}

/** The key of a member. */
export function key(into: Flattening, slot: number, node: EsNode): void {
  const name = nodeAt(node, 'key');
  if (name === undefined) return;
  if (!isSet(node, 'computed')) {
    into.child(slot, name);
    return;
  }
  const pos = into.text.lastIndexOf('[', name.start);
  const end = into.text.indexOf(']', name.end) + 1;
  into.writer.at(slot);
  into.node({ kind: KIND.ComputedPropertyName, pos, end }, () => into.child(0, name));
}

/** A name that is declared, or a pattern of names. */
export function binding(into: Flattening, slot: number, node: EsNode): void {
  if (node.type === 'Identifier') {
    into.name(slot, node);
  } else if (node.type === 'ObjectPattern' || node.type === 'ArrayPattern') {
    const isObject = node.type === 'ObjectPattern';
    const kind = isObject ? KIND.ObjectBindingPattern : KIND.ArrayBindingPattern;
    into.writer.at(slot);
    into.node({ kind, pos: node.start, end: node.end }, () => {
      into.list(0, nodesAt(node, isObject ? 'properties' : 'elements'), { each: bindingElement });
    });
  } else {
    into.child(slot, node);
  }
}

/** `a`, `a: b`, `a = 1`, `...a` in a pattern. */
const bindingElement: Flattener = (into, node) => {
  into.node({ kind: KIND.BindingElement, pos: node.start, end: node.end }, () => {
    const isProperty = node.type === 'Property';
    if (node.type === 'RestElement') into.token(0, KIND.DotDotDotToken, node.start);
    if (isProperty && !isSet(node, 'shorthand')) key(into, 1, node);
    const value = isProperty ? nodeAt(node, 'value') : node;
    const { target, initial } = parted(value ?? node);
    binding(into, 2, target);
    into.child(3, initial);
  });
};

/** The name or pattern of `a = 1` and `...a`, and the value. */
export function parted(node: EsNode): { readonly target: EsNode; readonly initial: EsNode | undefined } {
  if (node.type === 'AssignmentPattern') {
    return { target: nodeAt(node, 'left') ?? node, initial: nodeAt(node, 'right') };
  }
  if (node.type === 'RestElement') return { target: nodeAt(node, 'argument') ?? node, initial: undefined };
  return { target: node, initial: undefined };
}

export const parameter: Flattener = (into, node) => {
  const isProperty = node.type === 'TSParameterProperty';
  const inner = (isProperty ? nodeAt(node, 'parameter') : undefined) ?? node;
  const { target, initial } = parted(inner);
  const holder = [inner, target].find((each) => nodesAt(each, 'decorators').length > 0) ?? node;
  into.node({ kind: KIND.Parameter, pos: Math.min(startOf(node), startOf(holder)), end: node.end }, () => {
    modifiers(into, isProperty ? node : holder);
    if (inner.type === 'RestElement') into.token(1, KIND.DotDotDotToken, inner.start);
    binding(into, 2, target);
    into.child(4, nodeAt(target, 'typeAnnotation') ?? nodeAt(inner, 'typeAnnotation'));
    into.child(5, initial);
  });
};

/** Places of the parts of a function, by the kind of its row. */
export interface FunctionSlots {
  readonly typeParameters: number;
  readonly parameters: number;
  readonly type: number;
  readonly body: number;
}

export function functionParts(into: Flattening, node: EsNode, slots: FunctionSlots): void {
  into.types(slots.typeParameters, nodeAt(node, 'typeParameters'));
  into.list(slots.parameters, nodesAt(node, 'params'), { each: parameter });
  into.child(slots.type, nodeAt(node, 'returnType'));
  if (slots.body >= 0) into.child(slots.body, nodeAt(node, 'body'));
}
