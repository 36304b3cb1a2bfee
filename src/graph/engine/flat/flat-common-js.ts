import { KIND } from './flat-kinds.ts';
import { INITIALIZER_SLOT, NAME_SLOT, SLOT } from './flat-slots.ts';
import type { FlatTree } from './flat-tree.ts';

/** The rules of `common-js.ts`, over a flat tree. */

/** `exports.name = …` and `module.exports.name = …`: the name. `module.exports = …`: `default`. */
export function exportedNameOf(tree: FlatTree, node: number): string | undefined {
  if (!tree.isScript || tree.kind(node) !== KIND.BinaryExpression) return undefined;
  if (tree.kind(tree.child(node, SLOT.operator)) !== KIND.EqualsToken) return undefined;
  const left = tree.child(node, SLOT.left);
  if (tree.kind(left) !== KIND.PropertyAccessExpression) return undefined;
  if (isModuleExports(tree, left)) return 'default';
  const object = tree.child(left, SLOT.expression);
  return isExportsObject(tree, object) ? tree.value(tree.child(left, SLOT.accessName)) : undefined;
}

/** The name in `exports.name = …` itself; `access` is the parent of `node`. */
export function isExportTarget(tree: FlatTree, access: number): boolean {
  if (!tree.isScript) return false;
  const assignment = tree.parent(access);
  return (
    tree.kind(assignment) === KIND.BinaryExpression &&
    tree.child(assignment, SLOT.left) === access &&
    exportedNameOf(tree, assignment) !== undefined
  );
}

/**
 * The name under which a plain name is exported: `x` of `exports.x = y`, of `module.exports = { x: y }` and of
 * `module.exports = { x }`, `default` of `module.exports = y`. Undefined when `node` is no such `y`.
 */
export function exportNameOfValue(tree: FlatTree, node: number): string | undefined {
  if (!tree.isScript || tree.kind(node) !== KIND.Identifier) return undefined;
  const parent = tree.parent(node);
  const kind = tree.kind(parent);
  if (kind === KIND.BinaryExpression) {
    return tree.child(parent, SLOT.right) === node ? exportedNameOf(tree, parent) : undefined;
  }
  const isMember =
    kind === KIND.ShorthandPropertyAssignment ||
    (kind === KIND.PropertyAssignment && tree.child(parent, INITIALIZER_SLOT[kind] ?? -1) === node);
  if (!isMember || !isExportList(tree, tree.parent(parent))) return undefined;
  const name = tree.child(parent, NAME_SLOT[kind] ?? -1);
  return tree.kind(name) === KIND.Identifier ? tree.value(name) : undefined;
}

/** `{ … }` of `module.exports = { … }`. */
export function isExportList(tree: FlatTree, literal: number): boolean {
  const parent = tree.parent(literal);
  return (
    tree.kind(parent) === KIND.BinaryExpression &&
    tree.child(parent, SLOT.right) === literal &&
    exportedNameOf(tree, parent) === 'default'
  );
}

/** A name that `const x = require('…')` or `const { x } = require('…')` of a script declares: an import. */
export function isRequireBinding(tree: FlatTree, declaration: number): boolean {
  if (!tree.isScript) return false;
  const isElement = tree.kind(declaration) === KIND.BindingElement;
  const variable = isElement ? tree.parent(tree.parent(declaration)) : declaration;
  if (tree.kind(variable) !== KIND.VariableDeclaration) return false;
  const initializer = tree.child(variable, INITIALIZER_SLOT[KIND.VariableDeclaration] ?? -1);
  return tree.kind(initializer) === KIND.CallExpression && isRequire(tree, initializer);
}

export function isRequire(tree: FlatTree, call: number): boolean {
  if (!isNamed(tree, tree.child(call, SLOT.expression), 'require')) return false;
  const kind = tree.kind(tree.first(tree.child(call, SLOT.callArguments)));
  return kind === KIND.StringLiteral || kind === KIND.NoSubstitutionTemplateLiteral;
}

function isExportsObject(tree: FlatTree, node: number): boolean {
  return isNamed(tree, node, 'exports') || isModuleExports(tree, node);
}

function isModuleExports(tree: FlatTree, node: number): boolean {
  return (
    tree.kind(node) === KIND.PropertyAccessExpression &&
    tree.value(tree.child(node, SLOT.accessName)) === 'exports' &&
    isNamed(tree, tree.child(node, SLOT.expression), 'module')
  );
}

function isNamed(tree: FlatTree, node: number, name: string): boolean {
  return tree.kind(node) === KIND.Identifier && tree.value(node) === name;
}
