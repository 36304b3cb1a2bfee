import { KIND } from '../flat/flat-kinds.ts';
import { nodeAt } from './estree-node.ts';
import type { EsNode } from './estree-node.ts';
import { functionParts, modifiers } from './flatten-names.ts';
import type { Flattener, Flattening } from './flattening.ts';

/** Of an import type: `typeof` stands before it. */
const TYPE_OF = 1 << 24;

const functionType: Flattener = (into, node) => {
  into.node({ kind: KIND.FunctionType, pos: node.start, end: node.end }, () => {
    functionParts(into, node, { typeParameters: 0, parameters: 1, type: 2, body: -1 });
  });
};

const constructorType: Flattener = (into, node) => {
  into.node({ kind: KIND.ConstructorType, pos: node.start, end: node.end }, () => {
    modifiers(into, node);
    functionParts(into, node, { typeParameters: 1, parameters: 2, type: 3, body: -1 });
  });
};

const importType: Flattener = (into, node) =>
  writeImportType(into, node, { typeArguments: nodeAt(node, 'typeArguments'), bits: 0 });

function writeImportType(
  into: Flattening,
  node: EsNode,
  { typeArguments, bits }: { readonly typeArguments: EsNode | undefined; readonly bits: number },
): void {
  const source = nodeAt(node, 'source');
  into.node({ kind: KIND.ImportType, pos: node.start, end: node.end }, () => {
    into.writer.mark(bits);
    if (source !== undefined) {
      into.writer.at(0);
      into.node({ kind: KIND.LiteralType, pos: source.start, end: source.end }, () => into.child(0, source));
    }
    into.child(2, nodeAt(node, 'qualifier'));
    into.types(3, typeArguments);
  });
}

/** `typeof value`; `typeof import('…')` is an import type. */
const typeQuery: Flattener = (into, node) => {
  const name = nodeAt(node, 'exprName');
  const typeArguments = nodeAt(node, 'typeArguments');
  if (name?.type === 'TSImportType') {
    const own = typeArguments ?? nodeAt(name, 'typeArguments');
    writeImportType(into, { ...name, start: node.start }, { typeArguments: own, bits: TYPE_OF });
    return;
  }
  into.node({ kind: KIND.TypeQuery, pos: node.start, end: node.end }, () => {
    into.child(0, name);
    into.types(1, typeArguments);
  });
};

const mappedType: Flattener = (into, node) => {
  const name = nodeAt(node, 'key');
  const constraint = nodeAt(node, 'constraint');
  into.node({ kind: KIND.MappedType, pos: node.start, end: node.end }, () => {
    if (name !== undefined) {
      into.writer.at(1);
      into.node({ kind: KIND.TypeParameter, pos: name.start, end: constraint?.end ?? name.end }, () => {
        into.name(1, name);
        into.child(2, constraint);
      });
    }
    into.child(2, nodeAt(node, 'nameType'));
    into.child(4, nodeAt(node, 'typeAnnotation'));
  });
};

export const TYPE_FLATTENERS: readonly (readonly [string, Flattener])[] = [
  ['TSFunctionType', functionType],
  ['TSConstructorType', constructorType],
  ['TSImportType', importType],
  ['TSTypeQuery', typeQuery],
  ['TSMappedType', mappedType],
];
