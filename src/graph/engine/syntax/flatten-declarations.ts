import { KIND } from '../flat/flat-kinds.ts';
import { nodeAt, nodesAt, textAt } from './estree-node.ts';
import type { EsNode } from './estree-node.ts';
import { binding, exportModifiers, functionParts, modifiers, startOf } from './flatten-names.ts';
import type { Exported, FunctionSlots } from './flatten-names.ts';
import type { Flattener, Flattening } from './flattening.ts';

const FUNCTION: FunctionSlots = { typeParameters: 3, parameters: 4, type: 5, body: 6 };
/** Of a heritage clause: `implements`. */
const IMPLEMENTS = 1 << 24;

/** Declarations that `export` may stand before. */
export type DeclarationFlattener = (into: Flattening, node: EsNode, exported?: Exported) => void;

function place(node: EsNode, exported: Exported | undefined): { readonly pos: number; readonly end: number } {
  return { pos: startOf(node, exported), end: Math.max(node.end, exported?.end ?? 0) };
}

const functionDeclaration: DeclarationFlattener = (into, node, exported) => {
  into.node({ kind: KIND.FunctionDeclaration, ...place(node, exported) }, () => {
    modifiers(into, node, exportModifiers(exported));
    into.child(2, nodeAt(node, 'id'));
    functionParts(into, node, FUNCTION);
  });
};

const classDeclaration: DeclarationFlattener = (into, node, exported) => {
  const kind = node.type === 'ClassDeclaration' ? KIND.ClassDeclaration : KIND.ClassExpression;
  into.node({ kind, ...place(node, exported) }, () => {
    modifiers(into, node, exportModifiers(exported));
    into.child(1, nodeAt(node, 'id'));
    into.types(2, nodeAt(node, 'typeParameters'));
    heritage(into, node);
    const body = nodeAt(node, 'body');
    if (body !== undefined) into.list(4, nodesAt(body, 'body'), { pos: body.start + 1 });
  });
};

function heritage(into: Flattening, node: EsNode): void {
  const base = nodeAt(node, 'superClass');
  const interfaces = nodesAt(node, 'implements');
  if (base === undefined && interfaces.length === 0) return;
  const pos = base?.start ?? interfaces[0]?.start ?? node.start;
  into.writer.at(3).openList(pos, pos);
  if (base !== undefined) {
    const typeArguments = nodeAt(node, 'superTypeArguments');
    const end = typeArguments?.end ?? base.end;
    clause(into, { pos: base.start, end, bits: 0 }, () => {
      into.node({ kind: KIND.ExpressionWithTypeArguments, pos: base.start, end }, () => {
        into.child(0, base);
        into.types(1, typeArguments);
      });
    });
  }
  if (interfaces.length > 0) bases(into, interfaces, IMPLEMENTS);
  into.writer.close();
}

function bases(into: Flattening, types: readonly EsNode[], bits: number): void {
  clause(into, { pos: types[0]?.start ?? 0, end: types.at(-1)?.end ?? 0, bits }, () => {
    for (const type of types) into.emit(type);
  });
}

function clause(
  into: Flattening,
  { pos, end, bits }: { readonly pos: number; readonly end: number; readonly bits: number },
  inside: () => void,
): void {
  into.node({ kind: KIND.HeritageClause, pos, end }, () => {
    into.writer.mark(bits);
    into.writer.at(0).openList(pos, end);
    inside();
    into.writer.close();
  });
}

const interfaceDeclaration: DeclarationFlattener = (into, node, exported) => {
  into.node({ kind: KIND.InterfaceDeclaration, ...place(node, exported) }, () => {
    modifiers(into, node, exportModifiers(exported));
    into.child(1, nodeAt(node, 'id'));
    into.types(2, nodeAt(node, 'typeParameters'));
    const types = nodesAt(node, 'extends');
    if (types.length > 0) {
      into.writer.at(3).openList(types[0]?.start ?? 0, types.at(-1)?.end ?? 0);
      bases(into, types, 0);
      into.writer.close();
    }
    const body = nodeAt(node, 'body');
    if (body !== undefined) into.list(4, nodesAt(body, 'body'), { pos: body.start + 1 });
  });
};

const typeAlias: DeclarationFlattener = (into, node, exported) => {
  into.node({ kind: KIND.TypeAliasDeclaration, ...place(node, exported) }, () => {
    modifiers(into, node, exportModifiers(exported));
    into.child(1, nodeAt(node, 'id'));
    into.types(2, nodeAt(node, 'typeParameters'));
    into.child(3, nodeAt(node, 'typeAnnotation'));
  });
};

const enumDeclaration: DeclarationFlattener = (into, node, exported) => {
  into.node({ kind: KIND.EnumDeclaration, ...place(node, exported) }, () => {
    modifiers(into, node, exportModifiers(exported));
    into.child(1, nodeAt(node, 'id'));
    const body = nodeAt(node, 'body');
    if (body !== undefined) into.list(2, nodesAt(body, 'members'), { pos: body.start + 1 });
  });
};

const moduleDeclaration: DeclarationFlattener = (into, node, exported) => {
  const names = namesOf(nodeAt(node, 'id'));
  nestedModule(into, node, { names, exported });
};

/** `A.B` of a namespace is `B` within `A`. */
function nestedModule(
  into: Flattening,
  node: EsNode,
  { names, exported }: { readonly names: readonly EsNode[]; readonly exported: Exported | undefined },
): void {
  const [name, ...inner] = names;
  into.node({ kind: KIND.ModuleDeclaration, ...place(node, exported) }, () => {
    modifiers(into, node, exportModifiers(exported));
    into.child(1, name);
    const next = inner[0];
    if (next === undefined) {
      into.child(2, nodeAt(node, 'body'));
    } else {
      into.writer.at(2);
      nestedModule(into, { ...node, start: next.start, declare: false }, { names: inner, exported: undefined });
    }
  });
}

function namesOf(id: EsNode | undefined): readonly EsNode[] {
  if (id === undefined) return [];
  if (id.type !== 'TSQualifiedName') return [id];
  return [...namesOf(nodeAt(id, 'left')), ...namesOf(nodeAt(id, 'right'))];
}

const VARIABLE_FLAGS: ReadonlyMap<string, number> = new Map([
  ['let', 1],
  ['const', 2],
  ['using', 4],
  ['await using', 6],
]);

const variableStatement: DeclarationFlattener = (into, node, exported) => {
  into.node({ kind: KIND.VariableStatement, ...place(node, exported) }, () => {
    modifiers(into, node, exportModifiers(exported));
    variableList(into, 1, node);
  });
};

/** `const a = 1` without what makes it a statement. */
export function variableList(into: Flattening, slot: number, node: EsNode): void {
  into.writer.at(slot);
  into.node({ kind: KIND.VariableDeclarationList, pos: node.start, end: node.end }, () => {
    into.writer.flag(VARIABLE_FLAGS.get(textAt(node, 'kind')) ?? 0);
    into.list(0, nodesAt(node, 'declarations'));
  });
}

const variable: Flattener = (into, node) => {
  const name = nodeAt(node, 'id');
  into.node({ kind: KIND.VariableDeclaration, pos: node.start, end: node.end }, () => {
    if (name !== undefined) binding(into, 0, name);
    into.child(2, name === undefined ? undefined : nodeAt(name, 'typeAnnotation'));
    into.child(3, nodeAt(node, 'init'));
  });
};

const importEquals: DeclarationFlattener = (into, node, exported) => {
  into.node({ kind: KIND.ImportEqualsDeclaration, ...place(node, exported) }, () => {
    modifiers(into, node, exportModifiers(exported));
    into.child(1, nodeAt(node, 'id'));
    into.child(2, nodeAt(node, 'moduleReference'));
  });
};

export const DECLARATION_FLATTENERS: ReadonlyMap<string, DeclarationFlattener> = new Map([
  ['FunctionDeclaration', functionDeclaration],
  ['TSDeclareFunction', functionDeclaration],
  ['ClassDeclaration', classDeclaration],
  ['ClassExpression', classDeclaration],
  ['TSInterfaceDeclaration', interfaceDeclaration],
  ['TSTypeAliasDeclaration', typeAlias],
  ['TSEnumDeclaration', enumDeclaration],
  ['TSModuleDeclaration', moduleDeclaration],
  ['VariableDeclaration', variableStatement],
  ['TSImportEqualsDeclaration', importEquals],
]);

const catchClause: Flattener = (into, node) => {
  into.node({ kind: KIND.CatchClause, pos: node.start, end: node.end }, () => {
    const name = nodeAt(node, 'param');
    if (name !== undefined) {
      into.writer.at(0);
      into.node({ kind: KIND.VariableDeclaration, pos: name.start, end: name.end }, () => binding(into, 0, name));
    }
    into.child(1, nodeAt(node, 'body'));
  });
};

/** Of a loop a variable is declared without a statement. */
function loop(kind: number, fields: readonly (readonly [number, string])[]): Flattener {
  return (into, node) => {
    into.node({ kind, pos: node.start, end: node.end }, () => {
      for (const [slot, field] of fields) {
        const part = nodeAt(node, field);
        if (part?.type === 'VariableDeclaration') variableList(into, slot, part);
        else into.child(slot, part);
      }
    });
  };
}

export const STATEMENT_FLATTENERS: readonly (readonly [string, Flattener])[] = [
  ...[...DECLARATION_FLATTENERS].map(([type, flattener]): readonly [string, Flattener] => [
    type,
    (into, node) => flattener(into, node),
  ]),
  ['VariableDeclarator', variable],
  ['CatchClause', catchClause],
  [
    'ForStatement',
    loop(KIND.ForStatement, [
      [0, 'init'],
      [1, 'test'],
      [2, 'update'],
      [3, 'body'],
    ]),
  ],
  [
    'ForInStatement',
    loop(KIND.ForInStatement, [
      [1, 'left'],
      [2, 'right'],
      [3, 'body'],
    ]),
  ],
  [
    'ForOfStatement',
    loop(KIND.ForOfStatement, [
      [1, 'left'],
      [2, 'right'],
      [3, 'body'],
    ]),
  ],
];
