import { KIND } from '../flat/flat-kinds.ts';
import { isSet, nodeAt, nodesAt, textAt } from './estree-node.ts';
import type { EsNode } from './estree-node.ts';
import { functionParts, modifiers } from './flatten-names.ts';
import type { FunctionSlots } from './flatten-names.ts';
import type { Flattener, Flattening } from './flattening.ts';

const FUNCTION_EXPRESSION: FunctionSlots = { typeParameters: 3, parameters: 4, type: 5, body: 6 };
const ARROW: FunctionSlots = { typeParameters: 1, parameters: 2, type: 3, body: 5 };

const functionExpression: Flattener = (into, node) => {
  into.node({ kind: KIND.FunctionExpression, pos: node.start, end: node.end }, () => {
    modifiers(into, node);
    into.child(2, nodeAt(node, 'id'));
    functionParts(into, node, FUNCTION_EXPRESSION);
  });
};

const arrowFunction: Flattener = (into, node) => {
  into.node({ kind: KIND.ArrowFunction, pos: node.start, end: node.end }, () => {
    modifiers(into, node);
    functionParts(into, node, ARROW);
  });
};

const identifier: Flattener = (into, node) => into.plainName(node);

/** The name of a member has its sign, which the parser leaves out. */
const privateName: Flattener = (into, node) => {
  const place = { kind: KIND.PrivateIdentifier, pos: node.start, end: node.end };
  into.writer.leaf(place, `#${textAt(node, 'name')}`);
};

const tagName: Flattener = (into, node) => {
  const text = textAt(node, 'name');
  const place = { pos: node.start, end: node.end };
  if (text === 'this') into.writer.leaf({ kind: KIND.ThisKeyword, ...place });
  else into.writer.leaf({ kind: KIND.Identifier, ...place }, text);
};

const literal: Flattener = (into, node) => {
  const { value } = node;
  const place = { pos: node.start, end: node.end };
  if ('bigint' in node) into.writer.leaf({ kind: KIND.BigIntLiteral, ...place }, textAt(node, 'raw'));
  else if ('regex' in node) into.writer.leaf({ kind: KIND.RegularExpressionLiteral, ...place });
  else if (typeof value === 'string') into.writer.leaf({ kind: KIND.StringLiteral, ...place }, value);
  else if (typeof value === 'number') into.writer.leaf({ kind: KIND.NumericLiteral, ...place }, String(value));
  else into.writer.leaf({ kind: value === null ? KIND.NullKeyword : KIND.TrueKeyword, ...place });
};

/** Templates of values and of types: the texts and what stands between them. */
function template(kinds: { readonly whole: number; readonly span: number; readonly field: string }): Flattener {
  return (into, node) => {
    const place = { pos: node.start, end: node.end };
    const parts = nodesAt(node, kinds.field);
    const [first] = nodesAt(node, 'quasis');
    if (parts.length === 0) {
      const cooked = first?.['value'];
      const text = typeof cooked === 'object' && cooked !== null && 'cooked' in cooked ? cooked.cooked : '';
      into.writer.leaf({ kind: KIND.NoSubstitutionTemplateLiteral, ...place }, typeof text === 'string' ? text : '');
      return;
    }
    into.node({ kind: kinds.whole, ...place }, () => {
      into.token(0, KIND.TemplateHead, node.start);
      into.list(1, parts, {
        each: (inner, part) => {
          inner.node({ kind: kinds.span, pos: part.start, end: part.end }, () => inner.child(0, part));
        },
      });
    });
  };
}

const member: Flattener = (into, node) => {
  const isComputed = isSet(node, 'computed');
  const kind = isComputed ? KIND.ElementAccessExpression : KIND.PropertyAccessExpression;
  into.node({ kind, pos: node.start, end: node.end }, () => {
    into.child(0, nodeAt(node, 'object'));
    into.child(2, nodeAt(node, 'property'));
  });
};

const ASSIGNMENTS: ReadonlyMap<string, number> = new Map([['=', KIND.EqualsToken]]);
const OPERATORS: ReadonlyMap<string, number> = new Map([
  ['instanceof', KIND.InstanceOfKeyword],
  ['in', KIND.InKeyword],
  ['||', KIND.BarBarToken],
  ['??', KIND.QuestionQuestionToken],
  ['&&', KIND.AmpersandAmpersandToken],
]);

/** Rules tell apart assignments, plain or not, what may stand for a default, and what looks at types. */
const assignment: Flattener = (into, node) => {
  operation(into, node, ASSIGNMENTS.get(textAt(node, 'operator')) ?? KIND.PlusEqualsToken);
};

/** Generated sums have thousands of terms, each the left side of the next: too many for functions within functions. */
const binary: Flattener = (into, node) => {
  const chain = [node];
  let left = nodeAt(node, 'left');
  while (left !== undefined && (left.type === 'BinaryExpression' || left.type === 'LogicalExpression')) {
    chain.push(left);
    left = nodeAt(left, 'left');
  }
  for (const [index, { start, end }] of chain.entries()) {
    if (index > 0) into.writer.at(1);
    into.writer.open({ kind: KIND.BinaryExpression, pos: start, end });
  }
  into.child(1, left);
  for (const each of chain.toReversed()) {
    const right = nodeAt(each, 'right');
    into.token(3, OPERATORS.get(textAt(each, 'operator')) ?? KIND.PlusToken, right?.start ?? each.end);
    into.child(4, right);
    into.writer.close();
  }
};

function operation(into: Flattening, node: EsNode, operator: number): void {
  const right = nodeAt(node, 'right');
  into.node({ kind: KIND.BinaryExpression, pos: node.start, end: node.end }, () => {
    into.child(1, nodeAt(node, 'left'));
    into.token(3, operator, right?.start ?? node.end);
    into.child(4, right);
  });
}

/** `a, b, c`: the rules ask for nothing but what is inside. */
const sequence: Flattener = (into, node) => {
  into.node({ kind: KIND.BinaryExpression, pos: node.start, end: node.end }, () => {
    for (const each of nodesAt(node, 'expressions')) into.emit(each);
  });
};

const UNARY: ReadonlyMap<string, number> = new Map([
  ['delete', KIND.DeleteExpression],
  ['typeof', KIND.TypeOfExpression],
  ['void', KIND.VoidExpression],
]);

const unary: Flattener = (into, node) => {
  const kind = UNARY.get(textAt(node, 'operator')) ?? KIND.PrefixUnaryExpression;
  into.node({ kind, pos: node.start, end: node.end }, () => into.child(0, nodeAt(node, 'argument')));
};

/** `++` in the bits that a row has for the operator. */
const COUNTING = 4 << 24;

const update: Flattener = (into, node) => {
  const isPrefix = isSet(node, 'prefix');
  const kind = isPrefix ? KIND.PrefixUnaryExpression : KIND.PostfixUnaryExpression;
  into.node({ kind, pos: node.start, end: node.end }, () => {
    if (isPrefix) into.writer.mark(COUNTING);
    into.child(0, nodeAt(node, 'argument'));
  });
};

/** `import('…')` is a call of a keyword. */
const importCall: Flattener = (into, node) => {
  into.node({ kind: KIND.CallExpression, pos: node.start, end: node.end }, () => {
    into.token(0, KIND.ImportKeyword, node.start);
    const parts = [nodeAt(node, 'source'), nodeAt(node, 'options')].filter((part) => part !== undefined);
    into.list(3, parts);
  });
};

/** What is assigned to, where no names are declared. */
function assignedPattern(kind: number, field: string): Flattener {
  return (into, node) => {
    into.node({ kind, pos: node.start, end: node.end }, () => into.list(0, nodesAt(node, field)));
  };
}

const assignedRest: Flattener = (into, node) => {
  into.node({ kind: KIND.SpreadElement, pos: node.start, end: node.end }, () => {
    into.child(0, nodeAt(node, 'argument'));
  });
};

const element: Flattener = (into, node) => {
  const opening = nodeAt(node, 'openingElement');
  const place = { pos: node.start, end: node.end };
  if (opening !== undefined && nodeAt(node, 'closingElement') === undefined) {
    into.node({ kind: KIND.JsxSelfClosingElement, ...place }, () => {
      into.child(0, nodeAt(opening, 'name'));
      into.types(1, nodeAt(opening, 'typeArguments'));
      into.list(2, nodesAt(opening, 'attributes'));
    });
    return;
  }
  into.node({ kind: KIND.JsxElement, ...place }, () => {
    into.child(0, opening);
    into.list(1, nodesAt(node, 'children'));
    into.child(2, nodeAt(node, 'closingElement'));
  });
};

export const EXPRESSION_FLATTENERS: readonly (readonly [string, Flattener])[] = [
  ['Identifier', identifier],
  ['PrivateIdentifier', privateName],
  ['JSXIdentifier', tagName],
  ['Literal', literal],
  ['TemplateLiteral', template({ whole: KIND.TemplateExpression, span: KIND.TemplateSpan, field: 'expressions' })],
  [
    'TSTemplateLiteralType',
    template({ whole: KIND.TemplateLiteralType, span: KIND.TemplateLiteralTypeSpan, field: 'types' }),
  ],
  ['FunctionExpression', functionExpression],
  ['ArrowFunctionExpression', arrowFunction],
  ['MemberExpression', member],
  ['AssignmentExpression', assignment],
  ['BinaryExpression', binary],
  ['LogicalExpression', binary],
  ['AssignmentPattern', (into, node) => operation(into, node, KIND.EqualsToken)],
  ['SequenceExpression', sequence],
  ['UnaryExpression', unary],
  ['UpdateExpression', update],
  ['ImportExpression', importCall],
  ['ObjectPattern', assignedPattern(KIND.ObjectLiteralExpression, 'properties')],
  ['ArrayPattern', assignedPattern(KIND.ArrayLiteralExpression, 'elements')],
  ['RestElement', assignedRest],
  ['JSXElement', element],
];
