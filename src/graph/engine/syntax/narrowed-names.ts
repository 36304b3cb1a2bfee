import { KIND } from '../flat/flat-kinds.ts';
import { SLOT } from '../flat/flat-slots.ts';
import type { FlatTree } from '../flat/flat-tree.ts';

const CHECKS = /\binstanceof\b|\bin\b|\bis[A-Z]\w*\s*\(|\bassert\w*\s*\(/;
const CHECK_NAME = /^(?:is[A-Z]|assert)/;

/**
 * Last names of values whose type the file looks at: by `instanceof`, by `in`, by a call of `isSomething`. Behind such a
 * check a value can have members of a narrower type than the one that is written.
 */
export function narrowedNames(tree: FlatTree): ReadonlySet<string> {
  const names = new Set<string>();
  if (!CHECKS.test(tree.text)) return names;
  for (let node = 2; node < tree.count; node += 1) {
    const kind = tree.kind(node);
    if (kind === KIND.BinaryExpression) {
      const operator = tree.kind(tree.child(node, SLOT.operator));
      if (operator === KIND.InstanceOfKeyword) add(tree, tree.child(node, SLOT.left), names);
      else if (operator === KIND.InKeyword) add(tree, tree.child(node, SLOT.right), names);
    } else if (kind === KIND.CallExpression && CHECK_NAME.test(lastName(tree, tree.child(node, SLOT.expression)))) {
      const values = tree.child(node, SLOT.callArguments);
      for (let value = tree.first(values); value !== 0; value = tree.next(value)) add(tree, value, names);
    }
  }
  return names;
}

function add(tree: FlatTree, node: number, names: Set<string>): void {
  const name = lastName(tree, node);
  if (name !== '') names.add(name);
}

function lastName(tree: FlatTree, node: number): string {
  switch (tree.kind(node)) {
    case KIND.Identifier:
      return tree.value(node);
    case KIND.ThisKeyword:
      return 'this';
    case KIND.PropertyAccessExpression:
      return tree.value(tree.child(node, SLOT.accessName));
    case KIND.ParenthesizedExpression:
    case KIND.NonNullExpression:
    case KIND.AsExpression:
      return lastName(tree, tree.child(node, SLOT.expression));
    default:
      return '';
  }
}
