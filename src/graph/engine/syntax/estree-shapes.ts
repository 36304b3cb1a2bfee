import { KIND } from '../flat/flat-kinds.ts';

/**
 * How nodes of an ESTree become rows where nothing but names differs: the kind, and the field that each place for
 * children is filled from. `[]` marks a list, `<>` a list of types in angle brackets; '' is a place without a field.
 */
export interface Shape {
  readonly kind: number;
  readonly fields: readonly Field[];
}

export interface Field {
  readonly slot: number;
  readonly name: string;
  readonly form: 'node' | 'list' | 'types';
}

function shape(kind: number, ...fields: readonly string[]): Shape {
  return {
    kind,
    fields: fields.flatMap((field, slot): Field[] => {
      if (field === '') return [];
      if (field.endsWith('[]')) return [{ slot, name: field.slice(0, -2), form: 'list' }];
      if (field.endsWith('<>')) return [{ slot, name: field.slice(0, -2), form: 'types' }];
      return [{ slot, name: field, form: 'node' }];
    }),
  };
}

export const SHAPES: ReadonlyMap<string, Shape> = new Map(
  Object.entries({
    // Statements
    BlockStatement: shape(KIND.Block, 'body[]'),
    ExpressionStatement: shape(KIND.ExpressionStatement, 'expression'),
    EmptyStatement: shape(KIND.EmptyStatement),
    DebuggerStatement: shape(KIND.DebuggerStatement),
    IfStatement: shape(KIND.IfStatement, 'test', 'consequent', 'alternate'),
    DoWhileStatement: shape(KIND.DoStatement, 'body', 'test'),
    WhileStatement: shape(KIND.WhileStatement, 'test', 'body'),
    WithStatement: shape(KIND.WithStatement, 'object', 'body'),
    BreakStatement: shape(KIND.BreakStatement, 'label'),
    ContinueStatement: shape(KIND.ContinueStatement, 'label'),
    ReturnStatement: shape(KIND.ReturnStatement, 'argument'),
    ThrowStatement: shape(KIND.ThrowStatement, 'argument'),
    LabeledStatement: shape(KIND.LabeledStatement, 'label', 'body'),
    SwitchStatement: shape(KIND.SwitchStatement, 'discriminant', 'cases[]'),
    SwitchCase: shape(KIND.CaseClause, 'test', 'consequent[]'),
    TryStatement: shape(KIND.TryStatement, 'block', 'handler', 'finalizer'),
    // Expressions
    ArrayExpression: shape(KIND.ArrayLiteralExpression, 'elements[]'),
    ObjectExpression: shape(KIND.ObjectLiteralExpression, 'properties[]'),
    CallExpression: shape(KIND.CallExpression, 'callee', '', 'typeArguments<>', 'arguments[]'),
    NewExpression: shape(KIND.NewExpression, 'callee', 'typeArguments<>', 'arguments[]'),
    ConditionalExpression: shape(KIND.ConditionalExpression, 'test', '', 'consequent', '', 'alternate'),
    ParenthesizedExpression: shape(KIND.ParenthesizedExpression, 'expression'),
    AwaitExpression: shape(KIND.AwaitExpression, 'argument'),
    YieldExpression: shape(KIND.YieldExpression, '', 'argument'),
    SpreadElement: shape(KIND.SpreadElement, 'argument'),
    TaggedTemplateExpression: shape(KIND.TaggedTemplateExpression, 'tag', '', 'typeArguments<>', 'quasi'),
    Super: shape(KIND.SuperKeyword),
    ThisExpression: shape(KIND.ThisKeyword),
    MetaProperty: shape(KIND.MetaProperty, 'property'),
    Decorator: shape(KIND.Decorator, 'expression'),
    TSAsExpression: shape(KIND.AsExpression, 'expression', 'typeAnnotation'),
    TSSatisfiesExpression: shape(KIND.SatisfiesExpression, 'expression', 'typeAnnotation'),
    TSTypeAssertion: shape(KIND.TypeAssertionExpression, 'typeAnnotation', 'expression'),
    TSNonNullExpression: shape(KIND.NonNullExpression, 'expression'),
    TSInstantiationExpression: shape(KIND.ExpressionWithTypeArguments, 'expression', 'typeArguments<>'),
    // Base types
    TSClassImplements: shape(KIND.ExpressionWithTypeArguments, 'expression', 'typeArguments<>'),
    TSInterfaceHeritage: shape(KIND.ExpressionWithTypeArguments, 'expression', 'typeArguments<>'),
    // Types
    TSTypeReference: shape(KIND.TypeReference, 'typeName', 'typeArguments<>'),
    TSQualifiedName: shape(KIND.QualifiedName, 'left', 'right'),
    TSArrayType: shape(KIND.ArrayType, 'elementType'),
    TSUnionType: shape(KIND.UnionType, 'types[]'),
    TSIntersectionType: shape(KIND.IntersectionType, 'types[]'),
    TSTupleType: shape(KIND.TupleType, 'elementTypes[]'),
    TSOptionalType: shape(KIND.OptionalType, 'typeAnnotation'),
    TSRestType: shape(KIND.RestType, 'typeAnnotation'),
    TSNamedTupleMember: shape(KIND.NamedTupleMember, '', 'label', '', 'elementType'),
    TSParenthesizedType: shape(KIND.ParenthesizedType, 'typeAnnotation'),
    TSTypeOperator: shape(KIND.TypeOperator, 'typeAnnotation'),
    TSIndexedAccessType: shape(KIND.IndexedAccessType, 'objectType', 'indexType'),
    TSConditionalType: shape(KIND.ConditionalType, 'checkType', 'extendsType', 'trueType', 'falseType'),
    TSInferType: shape(KIND.InferType, 'typeParameter'),
    TSLiteralType: shape(KIND.LiteralType, 'literal'),
    TSTypeLiteral: shape(KIND.TypeLiteral, 'members[]'),
    TSTypePredicate: shape(KIND.TypePredicate, '', 'parameterName', 'typeAnnotation'),
    TSThisType: shape(KIND.ThisType),
    TSTypeParameter: shape(KIND.TypeParameter, '', 'name', 'constraint', '', 'default'),
    TSExternalModuleReference: shape(KIND.ExternalModuleReference, 'expression'),
    TSNamespaceExportDeclaration: shape(KIND.NamespaceExportDeclaration, '', 'id'),
    TSModuleBlock: shape(KIND.ModuleBlock, 'body[]'),
    TSEnumMember: shape(KIND.EnumMember, 'id', 'initializer'),
    // Elements
    JSXOpeningElement: shape(KIND.JsxOpeningElement, 'name', 'typeArguments<>', 'attributes[]'),
    JSXClosingElement: shape(KIND.JsxClosingElement, 'name'),
    JSXFragment: shape(KIND.JsxFragment, '', 'children[]'),
    JSXAttribute: shape(KIND.JsxAttribute, 'name', 'value'),
    JSXSpreadAttribute: shape(KIND.JsxSpreadAttribute, 'argument'),
    JSXNamespacedName: shape(KIND.JsxNamespacedName, 'namespace', 'name'),
    JSXMemberExpression: shape(KIND.PropertyAccessExpression, 'object', '', 'property'),
    JSXExpressionContainer: shape(KIND.JsxExpression, '', 'expression'),
    JSXSpreadChild: shape(KIND.JsxExpression, '', 'expression'),
    JSXText: shape(KIND.JsxText),
  }),
);

/** Nodes that nothing is kept of but what is inside. */
export const TRANSPARENT: ReadonlyMap<string, string> = new Map([
  ['ChainExpression', 'expression'],
  ['TSTypeAnnotation', 'typeAnnotation'],
]);
