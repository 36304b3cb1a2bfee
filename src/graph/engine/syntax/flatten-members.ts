import { KIND } from '../flat/flat-kinds.ts';
import { isSet, nodeAt, nodesAt, textAt } from './estree-node.ts';
import type { EsNode } from './estree-node.ts';
import { functionParts, key, modifiers, parameter, startOf } from './flatten-names.ts';
import type { FunctionSlots } from './flatten-names.ts';
import type { Flattener, Flattening } from './flattening.ts';

const METHOD: FunctionSlots = { typeParameters: 4, parameters: 5, type: 6, body: 7 };
const ACCESSOR: FunctionSlots = { typeParameters: 2, parameters: 3, type: 4, body: 5 };
const CONSTRUCTOR: FunctionSlots = { typeParameters: 1, parameters: 2, type: 3, body: 4 };
const METHOD_SIGNATURE: FunctionSlots = { typeParameters: 3, parameters: 4, type: 5, body: -1 };
const SIGNATURE: FunctionSlots = { typeParameters: 0, parameters: 1, type: 2, body: -1 };

/** Methods, accessors and constructors of classes. */
const method: Flattener = (into, node) => {
  const isAbstract = node.type.startsWith('TSAbstract') ? [KIND.AbstractKeyword] : [];
  functionMember(into, node, isAbstract);
};

function functionMember(into: Flattening, node: EsNode, more: readonly number[]): void {
  const value = nodeAt(node, 'value');
  const kind = MEMBER_KINDS.get(textAt(node, 'kind')) ?? KIND.MethodDeclaration;
  const all = value !== undefined && isSet(value, 'async') ? [...more, KIND.AsyncKeyword] : more;
  into.node({ kind, pos: startOf(node), end: node.end }, () => {
    modifiers(into, node, all);
    if (kind === KIND.Constructor) {
      functionParts(into, value ?? node, CONSTRUCTOR);
      return;
    }
    key(into, kind === KIND.MethodDeclaration ? 2 : 1, node);
    functionParts(into, value ?? node, kind === KIND.MethodDeclaration ? METHOD : ACCESSOR);
  });
}

const MEMBER_KINDS: ReadonlyMap<string, number> = new Map([
  ['constructor', KIND.Constructor],
  ['get', KIND.GetAccessor],
  ['set', KIND.SetAccessor],
]);

const field: Flattener = (into, node) => {
  const isAbstract = node.type.startsWith('TSAbstract') ? [KIND.AbstractKeyword] : [];
  into.node({ kind: KIND.PropertyDeclaration, pos: startOf(node), end: node.end }, () => {
    modifiers(into, node, isAbstract);
    key(into, 1, node);
    into.child(3, nodeAt(node, 'typeAnnotation'));
    into.child(4, nodeAt(node, 'value'));
  });
};

const staticBlock: Flattener = (into, node) => {
  into.node({ kind: KIND.ClassStaticBlockDeclaration, pos: node.start, end: node.end }, () => {
    into.writer.at(1);
    into.node({ kind: KIND.Block, pos: node.start, end: node.end }, () => into.list(0, nodesAt(node, 'body')));
  });
};

const indexSignature: Flattener = (into, node) => {
  into.node({ kind: KIND.IndexSignature, pos: node.start, end: node.end }, () => {
    modifiers(into, node);
    into.list(1, nodesAt(node, 'parameters'), { each: parameter });
    into.child(2, nodeAt(node, 'typeAnnotation'));
  });
};

const propertySignature: Flattener = (into, node) => {
  into.node({ kind: KIND.PropertySignature, pos: node.start, end: node.end }, () => {
    modifiers(into, node);
    key(into, 1, node);
    into.child(3, nodeAt(node, 'typeAnnotation'));
  });
};

const methodSignature: Flattener = (into, node) => {
  const kind = MEMBER_KINDS.get(textAt(node, 'kind')) ?? KIND.MethodSignature;
  into.node({ kind, pos: node.start, end: node.end }, () => {
    modifiers(into, node);
    key(into, 1, node);
    functionParts(into, node, kind === KIND.MethodSignature ? METHOD_SIGNATURE : { ...ACCESSOR, body: -1 });
  });
};

function signature(kind: number): Flattener {
  return (into, node) => {
    into.node({ kind, pos: node.start, end: node.end }, () => functionParts(into, node, SIGNATURE));
  };
}

/** Members of object literals, and of the patterns that things are assigned to. */
const property: Flattener = (into, node) => {
  const place = { pos: node.start, end: node.end };
  if (isSet(node, 'shorthand')) {
    into.node({ kind: KIND.ShorthandPropertyAssignment, ...place }, () => {
      const name = nodeAt(node, 'key');
      const value = nodeAt(node, 'value');
      if (name !== undefined) into.name(1, name);
      if (value?.type === 'AssignmentPattern') into.child(5, nodeAt(value, 'right'));
    });
  } else if (isSet(node, 'method') || textAt(node, 'kind') !== 'init') {
    functionMember(into, node, []);
  } else {
    into.node({ kind: KIND.PropertyAssignment, ...place }, () => {
      key(into, 1, node);
      into.child(4, nodeAt(node, 'value'));
    });
  }
};

export const MEMBER_FLATTENERS: readonly (readonly [string, Flattener])[] = [
  ['MethodDefinition', method],
  ['TSAbstractMethodDefinition', method],
  ['PropertyDefinition', field],
  ['AccessorProperty', field],
  ['TSAbstractPropertyDefinition', field],
  ['TSAbstractAccessorProperty', field],
  ['StaticBlock', staticBlock],
  ['TSIndexSignature', indexSignature],
  ['TSPropertySignature', propertySignature],
  ['TSMethodSignature', methodSignature],
  ['TSCallSignatureDeclaration', signature(KIND.CallSignature)],
  ['TSConstructSignatureDeclaration', signature(KIND.ConstructSignature)],
  ['Property', property],
];
