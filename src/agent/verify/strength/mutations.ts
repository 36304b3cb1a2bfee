import { childOf, literalText, rootName, unwrapped } from '../guard/source-syntax.ts';
import type { ParsedSource, SyntaxNode, SyntaxPlace } from '../guard/source-syntax.ts';

/** A small fault: text that takes the place of another. */
export interface Mutation {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
  /** In a word or two: `=== → !==`. */
  readonly what: string;
}

const SWAPPED: Readonly<Record<string, string>> = {
  '===': '!==',
  '!==': '===',
  '==': '!=',
  '!=': '==',
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '&&': '||',
  '||': '&&',
  '+': '-',
  '-': '+',
  '*': '/',
};
/** What a program says to people is not what it does. */
const SAYING = new Set(['console', 'log', 'logger']);
const TYPE_FIELDS = new Set(['typeAnnotation', 'returnType', 'typeParameters', 'typeArguments']);
const TYPES = new Set(['TSTypeAliasDeclaration', 'TSInterfaceDeclaration', 'TSDeclareFunction', 'ImportDeclaration']);

/** The faults that one node can have; none in types, in what is thrown, and in what is written to a log. */
export function mutationsAt(place: SyntaxPlace, source: ParsedSource): readonly Mutation[] {
  const found = mutationsOf(place, source);
  return found.length === 0 || isUntold(place) ? [] : found;
}

function isUntold(place: SyntaxPlace): boolean {
  for (let around: SyntaxPlace | undefined = place; around !== undefined; around = around.parent) {
    const { node, field } = around;
    if (TYPE_FIELDS.has(field) || TYPES.has(node.type) || node.type === 'ThrowStatement') return true;
    if (node.type === 'CallExpression' && SAYING.has(rootName(childOf(node, 'callee')) ?? '')) return true;
  }
  return false;
}

function mutationsOf({ node, field }: SyntaxPlace, source: ParsedSource): readonly Mutation[] {
  switch (node.type) {
    case 'BinaryExpression':
    case 'LogicalExpression':
      return swapped(node, source);
    case 'Literal':
      return literal(node, field);
    case 'ReturnStatement':
      return withoutReturn(node, source);
    case 'IfStatement':
    case 'ConditionalExpression':
      return negated(childOf(node, 'test'), source);
    default:
      return [];
  }
}

function swapped(node: SyntaxNode, source: ParsedSource): readonly Mutation[] {
  const left = childOf(node, 'left');
  const right = childOf(node, 'right');
  const operator = node['operator'];
  if (left === undefined || right === undefined || typeof operator !== 'string') return [];
  const other = SWAPPED[operator];
  const joinsTexts = operator === '+' && (isText(left) || isText(right));
  // Between the operands there may be comments; the operator is the first thing that is none.
  const gap = blanked(source, left.end, right.start);
  const at = gap.indexOf(operator);
  if (other === undefined || joinsTexts || at < 0) return [];
  const start = left.end + at;
  return [{ start, end: start + operator.length, replacement: other, what: `${operator} → ${other}` }];
}

function isText(node: SyntaxNode): boolean {
  const inner = unwrapped(node);
  if (inner?.type === 'BinaryExpression')
    return [childOf(inner, 'left'), childOf(inner, 'right')].some((side) => side !== undefined && isText(side));
  return inner?.type === 'TemplateLiteral' || literalText(inner) !== undefined;
}

function blanked({ text, comments }: ParsedSource, start: number, end: number): string {
  let gap = text.slice(start, end);
  for (const comment of comments) {
    if (comment.start < start || comment.end > end) continue;
    const length = comment.end - comment.start;
    gap = gap.slice(0, comment.start - start) + ' '.repeat(length) + gap.slice(comment.end - start);
  }
  return gap;
}

function literal(node: SyntaxNode, field: string): readonly Mutation[] {
  const { start, end } = node;
  const value = node['value'];
  if (typeof value === 'boolean') {
    return [{ start, end, replacement: String(!value), what: `${value} → ${!value}` }];
  }
  if (typeof value !== 'number' || !Number.isInteger(value) || field === 'key' || field === 'id') return [];
  const other = value + 1;
  return Number.isSafeInteger(other) ? [{ start, end, replacement: String(other), what: `${value} → ${other}` }] : [];
}

/** The value is still computed, and not given back. */
function withoutReturn(node: SyntaxNode, { text }: ParsedSource): readonly Mutation[] {
  const value = childOf(node, 'argument');
  if (value === undefined || (value.type === 'Identifier' && value['name'] === 'undefined')) return [];
  const replacement = `{ (${text.slice(value.start, value.end)}); }`;
  return [{ start: node.start, end: node.end, replacement, what: 'return taken out' }];
}

function negated(test: SyntaxNode | undefined, { text }: ParsedSource): readonly Mutation[] {
  if (test === undefined) return [];
  const { start, end } = test;
  return [{ start, end, replacement: `!(${text.slice(start, end)})`, what: 'condition negated' }];
}
