import { KIND } from './flat-kinds.ts';
import type { FlatFact } from './flat-fact.ts';
import { SLOT } from './flat-slots.ts';
import type { FlatTree } from './flat-tree.ts';
import { bodyOf, isFunctionValue } from './flat-value.ts';

const TEST_CALLS = /^(?:describe|suite|context|it|test|specify|bench)$/;

/** A call of a test runner with a title and a callback. */
export function testBlock(tree: FlatTree, node: number): FlatFact | undefined {
  const title = tree.first(tree.child(node, SLOT.callArguments));
  const isLiteral = isPlainTitle(tree, title);
  if (!isLiteral && tree.kind(title) !== KIND.TemplateExpression) return undefined;
  const callback = firstFunction(tree, tree.next(title));
  if (callback === 0 || !TEST_CALLS.test(runnerOf(tree, tree.child(node, SLOT.expression)))) return undefined;
  const name = isLiteral ? tree.value(title) : tree.source(title).slice(1, -1);
  return {
    kind: 'test',
    name: name.slice(0, 200),
    declaration: node,
    bodyStart: bodyOf(tree, callback),
    merges: false,
  };
}

function isPlainTitle(tree: FlatTree, title: number): boolean {
  const kind = tree.kind(title);
  return kind === KIND.StringLiteral || kind === KIND.NoSubstitutionTemplateLiteral;
}

function firstFunction(tree: FlatTree, from: number): number {
  let argument = from;
  while (argument !== 0 && !isFunctionValue(tree, argument)) argument = tree.next(argument);
  return argument;
}

/** `it` of `it(…)`, `it.only(…)`, `it.each(table)(…)`. */
function runnerOf(tree: FlatTree, callee: number): string {
  let current = callee;
  for (;;) {
    switch (tree.kind(current)) {
      case KIND.Identifier:
        return tree.value(current);
      case KIND.PropertyAccessExpression:
      case KIND.CallExpression:
      case KIND.TaggedTemplateExpression:
        current = tree.child(current, SLOT.expression);
        break;
      default:
        return '';
    }
  }
}
