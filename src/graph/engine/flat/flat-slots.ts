import { SyntaxKind } from 'typescript/unstable/ast';
import { KINDS } from './flat-rows.ts';

/**
 * In which place for children, by the kind of node, a child stands; -1 where there is none. As `childProperties` of
 * `typescript/dist/api/node/protocol.generated.js` of the pinned version has it.
 */
export const NAME_SLOT = slotTable({
  0: [
    SyntaxKind.VariableDeclaration,
    SyntaxKind.EnumMember,
    SyntaxKind.ImportClause,
    SyntaxKind.NamespaceImport,
    SyntaxKind.NamespaceExport,
    SyntaxKind.ImportAttribute,
    SyntaxKind.MetaProperty,
    SyntaxKind.JsxAttribute,
  ],
  1: [
    SyntaxKind.TypeParameter,
    SyntaxKind.PropertySignature,
    SyntaxKind.PropertyDeclaration,
    SyntaxKind.MethodSignature,
    SyntaxKind.GetAccessor,
    SyntaxKind.SetAccessor,
    SyntaxKind.ClassDeclaration,
    SyntaxKind.ClassExpression,
    SyntaxKind.InterfaceDeclaration,
    SyntaxKind.TypeAliasDeclaration,
    SyntaxKind.EnumDeclaration,
    SyntaxKind.ModuleDeclaration,
    SyntaxKind.ImportEqualsDeclaration,
    SyntaxKind.ImportSpecifier,
    SyntaxKind.ExportSpecifier,
    SyntaxKind.NamespaceExportDeclaration,
    SyntaxKind.NamedTupleMember,
    SyntaxKind.PropertyAssignment,
    SyntaxKind.ShorthandPropertyAssignment,
    SyntaxKind.JsxNamespacedName,
  ],
  2: [
    SyntaxKind.Parameter,
    SyntaxKind.MethodDeclaration,
    SyntaxKind.BindingElement,
    SyntaxKind.FunctionDeclaration,
    SyntaxKind.FunctionExpression,
    SyntaxKind.PropertyAccessExpression,
  ],
});

/** Of a type parameter, the constraint. */
export const TYPE_SLOT = slotTable({
  0: [SyntaxKind.TypeAssertionExpression],
  2: [
    SyntaxKind.TypeParameter,
    SyntaxKind.VariableDeclaration,
    SyntaxKind.CallSignature,
    SyntaxKind.ConstructSignature,
    SyntaxKind.IndexSignature,
  ],
  3: [SyntaxKind.PropertySignature, SyntaxKind.PropertyDeclaration, SyntaxKind.ArrowFunction, SyntaxKind.Constructor],
  4: [SyntaxKind.Parameter, SyntaxKind.GetAccessor, SyntaxKind.SetAccessor],
  5: [SyntaxKind.FunctionDeclaration, SyntaxKind.FunctionExpression, SyntaxKind.MethodSignature],
  6: [SyntaxKind.MethodDeclaration],
});

export const TYPE_ARGUMENTS_SLOT = slotTable({
  1: [SyntaxKind.NewExpression],
  2: [SyntaxKind.CallExpression, SyntaxKind.TaggedTemplateExpression],
});

export const INITIALIZER_SLOT = slotTable({
  1: [SyntaxKind.EnumMember],
  3: [SyntaxKind.VariableDeclaration, SyntaxKind.BindingElement],
  4: [SyntaxKind.PropertyDeclaration, SyntaxKind.PropertySignature, SyntaxKind.PropertyAssignment],
  5: [SyntaxKind.Parameter],
});

export const BODY_SLOT = slotTable({
  2: [SyntaxKind.ModuleDeclaration],
  4: [SyntaxKind.Constructor],
  5: [SyntaxKind.ArrowFunction, SyntaxKind.GetAccessor, SyntaxKind.SetAccessor],
  6: [SyntaxKind.FunctionDeclaration, SyntaxKind.FunctionExpression],
  7: [SyntaxKind.MethodDeclaration],
});

export const MEMBERS_SLOT = slotTable({
  2: [SyntaxKind.EnumDeclaration],
  4: [SyntaxKind.ClassDeclaration, SyntaxKind.ClassExpression, SyntaxKind.InterfaceDeclaration],
});

export const HERITAGE_SLOT = slotTable({
  3: [SyntaxKind.ClassDeclaration, SyntaxKind.ClassExpression, SyntaxKind.InterfaceDeclaration],
});

export const MODIFIERS_SLOT = slotTable({
  0: [
    SyntaxKind.Parameter,
    SyntaxKind.PropertySignature,
    SyntaxKind.PropertyDeclaration,
    SyntaxKind.MethodSignature,
    SyntaxKind.MethodDeclaration,
    SyntaxKind.Constructor,
    SyntaxKind.GetAccessor,
    SyntaxKind.SetAccessor,
    SyntaxKind.IndexSignature,
    SyntaxKind.ClassStaticBlockDeclaration,
    SyntaxKind.VariableStatement,
    SyntaxKind.FunctionDeclaration,
    SyntaxKind.ClassDeclaration,
    SyntaxKind.InterfaceDeclaration,
    SyntaxKind.TypeAliasDeclaration,
    SyntaxKind.EnumDeclaration,
    SyntaxKind.ModuleDeclaration,
  ],
});

/** Of kinds that a rule knows when it asks. */
export const SLOT = {
  /** Of everything that begins with an expression: calls, accesses, casts, decorators, base types. */
  expression: 0,
  propertyName: 0,
  literal: 0,
  clauseTypes: 0,
  declarations: 0,
  right: 4,
  left: 1,
  operator: 3,
  accessName: 2,
  argument: 2,
  callArguments: 3,
  exported: 2,
  indexType: 1,
  qualifiedRight: 1,
  boundProperty: 1,
  dotDotDot: 0,
  /** Of import and export declarations. */
  clause: 1,
  specifier: 2,
  attributes: 3,
  parameters: 2,
  declarationList: 1,
} as const;

function slotTable(kinds: Readonly<Record<number, readonly SyntaxKind[]>>): Int8Array {
  const table = new Int8Array(KINDS).fill(-1);
  for (const [slot, each] of Object.entries(kinds)) for (const kind of each) table[kind] = Number(slot);
  return table;
}
