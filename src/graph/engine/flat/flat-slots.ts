import { KIND } from './flat-kinds.ts';
import { KINDS } from './flat-rows.ts';

/**
 * In which place for children, by the kind of node, a child stands; -1 where there is none. As `childProperties` of
 * `typescript/dist/api/node/protocol.generated.js` of the pinned version has it.
 */
export const NAME_SLOT = slotTable({
  0: [
    KIND.VariableDeclaration,
    KIND.EnumMember,
    KIND.ImportClause,
    KIND.NamespaceImport,
    KIND.NamespaceExport,
    KIND.ImportAttribute,
    KIND.MetaProperty,
    KIND.JsxAttribute,
  ],
  1: [
    KIND.TypeParameter,
    KIND.PropertySignature,
    KIND.PropertyDeclaration,
    KIND.MethodSignature,
    KIND.GetAccessor,
    KIND.SetAccessor,
    KIND.ClassDeclaration,
    KIND.ClassExpression,
    KIND.InterfaceDeclaration,
    KIND.TypeAliasDeclaration,
    KIND.EnumDeclaration,
    KIND.ModuleDeclaration,
    KIND.ImportEqualsDeclaration,
    KIND.ImportSpecifier,
    KIND.ExportSpecifier,
    KIND.NamespaceExportDeclaration,
    KIND.NamedTupleMember,
    KIND.PropertyAssignment,
    KIND.ShorthandPropertyAssignment,
    KIND.JsxNamespacedName,
  ],
  2: [
    KIND.Parameter,
    KIND.MethodDeclaration,
    KIND.BindingElement,
    KIND.FunctionDeclaration,
    KIND.FunctionExpression,
    KIND.PropertyAccessExpression,
  ],
});

/** Of a type parameter, the constraint. */
export const TYPE_SLOT = slotTable({
  0: [KIND.TypeAssertionExpression],
  2: [KIND.TypeParameter, KIND.VariableDeclaration, KIND.CallSignature, KIND.ConstructSignature, KIND.IndexSignature],
  3: [KIND.PropertySignature, KIND.PropertyDeclaration, KIND.ArrowFunction, KIND.Constructor],
  4: [KIND.Parameter, KIND.GetAccessor, KIND.SetAccessor],
  5: [KIND.FunctionDeclaration, KIND.FunctionExpression, KIND.MethodSignature],
  6: [KIND.MethodDeclaration],
});

export const TYPE_ARGUMENTS_SLOT = slotTable({
  1: [KIND.NewExpression],
  2: [KIND.CallExpression, KIND.TaggedTemplateExpression],
});

export const INITIALIZER_SLOT = slotTable({
  1: [KIND.EnumMember],
  3: [KIND.VariableDeclaration, KIND.BindingElement],
  4: [KIND.PropertyDeclaration, KIND.PropertySignature, KIND.PropertyAssignment],
  5: [KIND.Parameter],
});

export const BODY_SLOT = slotTable({
  2: [KIND.ModuleDeclaration],
  4: [KIND.Constructor],
  5: [KIND.ArrowFunction, KIND.GetAccessor, KIND.SetAccessor],
  6: [KIND.FunctionDeclaration, KIND.FunctionExpression],
  7: [KIND.MethodDeclaration],
});

export const MEMBERS_SLOT = slotTable({
  2: [KIND.EnumDeclaration],
  4: [KIND.ClassDeclaration, KIND.ClassExpression, KIND.InterfaceDeclaration],
});

export const HERITAGE_SLOT = slotTable({
  3: [KIND.ClassDeclaration, KIND.ClassExpression, KIND.InterfaceDeclaration],
});

export const MODIFIERS_SLOT = slotTable({
  0: [
    KIND.Parameter,
    KIND.PropertySignature,
    KIND.PropertyDeclaration,
    KIND.MethodSignature,
    KIND.MethodDeclaration,
    KIND.Constructor,
    KIND.GetAccessor,
    KIND.SetAccessor,
    KIND.IndexSignature,
    KIND.ClassStaticBlockDeclaration,
    KIND.VariableStatement,
    KIND.FunctionDeclaration,
    KIND.ClassDeclaration,
    KIND.InterfaceDeclaration,
    KIND.TypeAliasDeclaration,
    KIND.EnumDeclaration,
    KIND.ModuleDeclaration,
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
  /** Of an object literal. */
  properties: 0,
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

function slotTable(kinds: Readonly<Record<number, readonly number[]>>): Int8Array {
  const table = new Int8Array(KINDS).fill(-1);
  for (const [slot, each] of Object.entries(kinds)) for (const kind of each) table[kind] = Number(slot);
  return table;
}
