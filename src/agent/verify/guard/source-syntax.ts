import { parseSync } from 'oxc-parser';
import { isTooDeep } from '../../../graph/index.ts';

/** A node of the parser's tree (ESTree with types); which fields it has depends on its type. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

/** A node where it stands: in which field of which other. */
export interface SyntaxPlace {
  readonly node: SyntaxNode;
  readonly field: string;
  readonly parent: SyntaxPlace | undefined;
}

export interface SourceComment {
  readonly value: string;
  readonly start: number;
  readonly end: number;
  readonly isBlock: boolean;
}

export interface ParsedSource {
  readonly path: string;
  readonly text: string;
  readonly root: SyntaxNode;
  readonly comments: readonly SourceComment[];
  /** One-based line of an offset. */
  lineOf(offset: number): number;
}

export interface BrokenSource {
  readonly line: number;
  readonly problem: string;
}

const SOURCE = /\.[cm]?[jt]sx?$/i;

/** Whether the parser knows the language. */
export function isSourcePath(path: string): boolean {
  return SOURCE.test(path);
}

/** Parses one file; what is wrong with it is the answer too. Nothing is thrown, for what nests too deeply neither. */
export function parseSource(path: string, text: string): ParsedSource | BrokenSource {
  if (isTooDeep(text)) return { line: 1, problem: 'nested too deeply to be parsed' };
  const isScript = /\.[cm]?jsx?$/i.test(path);
  const { program, comments, errors } = parseSync(path, text, {
    astType: 'ts',
    ...(isScript && { lang: 'jsx' as const }),
  });
  const lineOf = createLineIndex(text);
  const [first] = errors;
  if (first !== undefined) return { line: lineOf(first.labels[0]?.start ?? 0), problem: first.message };
  const root: unknown = program;
  if (!isSyntaxNode(root)) return { line: 1, problem: 'the parser gave no tree' };
  const found = comments.map(({ type, value, start, end }) => ({ value, start, end, isBlock: type === 'Block' }));
  return { path, text, root, comments: found, lineOf };
}

export function isBroken(source: ParsedSource | BrokenSource): source is BrokenSource {
  return 'problem' in source;
}

export function isSyntaxNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** Every node with its place, parents before children, in the order of the text. Holds its own stack: chains are long. */
export function* placesOf(root: SyntaxNode): Generator<SyntaxPlace> {
  const pending: SyntaxPlace[] = [{ node: root, field: '', parent: undefined }];
  for (let place = pending.pop(); place !== undefined; place = pending.pop()) {
    yield place;
    const parent = place;
    const children = Object.entries(place.node).flatMap(([field, value]) =>
      (Array.isArray(value) ? value : [value]).filter(isSyntaxNode).map((node) => ({ node, field, parent })),
    );
    pending.push(...children.toSorted((one, other) => other.node.start - one.node.start));
  }
}

export function childOf(node: SyntaxNode | undefined, field: string): SyntaxNode | undefined {
  const value = node?.[field];
  return isSyntaxNode(value) ? value : undefined;
}

export function childrenOf(node: SyntaxNode, field: string): readonly SyntaxNode[] {
  const value = node[field];
  return Array.isArray(value) ? value.filter(isSyntaxNode) : [];
}

/** The expression within parentheses, `!`, and assertions of its type. */
export function unwrapped(node: SyntaxNode | undefined): SyntaxNode | undefined {
  let inner = node;
  while (inner !== undefined && WRAPPERS.has(inner.type)) inner = childOf(inner, 'expression');
  return inner;
}

/** The text that a literal or a template without places has. */
export function literalText(node: SyntaxNode | undefined): string | undefined {
  const inner = unwrapped(node);
  if (inner?.type === 'Literal') return typeof inner['value'] === 'string' ? inner['value'] : undefined;
  if (inner?.type !== 'TemplateLiteral' || childrenOf(inner, 'expressions').length > 0) return undefined;
  const value = childrenOf(inner, 'quasis')[0]?.['value'];
  return typeof value === 'object' && value !== null && 'cooked' in value && typeof value.cooked === 'string'
    ? value.cooked
    : undefined;
}

/** `b` of `a.b`, `a['b']` and `` a[`b`] ``. */
export function memberName(node: SyntaxNode): string | undefined {
  const property = childOf(node, 'property');
  if (node['computed'] === true) return literalText(property);
  return identifierName(property);
}

export function identifierName(node: SyntaxNode | undefined): string | undefined {
  return node?.type === 'Identifier' && typeof node['name'] === 'string' ? node['name'] : undefined;
}

/** The first name of `a.b.c`, `a.b().c` and `(a).b`. */
export function rootName(node: SyntaxNode | undefined): string | undefined {
  let inner = unwrapped(node);
  while (inner !== undefined && inner.type !== 'Identifier') {
    const next = inner.type === 'MemberExpression' ? 'object' : inner.type === 'CallExpression' ? 'callee' : undefined;
    if (next === undefined) return undefined;
    inner = unwrapped(childOf(inner, next));
  }
  return identifierName(inner);
}

/** A piece of the text in one line, for keys and messages. */
export function snippetOf(source: ParsedSource, node: SyntaxNode): string {
  return source.text.slice(node.start, node.end).replaceAll(/\s+/g, ' ').slice(0, MAX_SNIPPET);
}

export function createLineIndex(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}

const WRAPPERS = new Set([
  'ParenthesizedExpression',
  'TSNonNullExpression',
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSTypeAssertion',
  'TSInstantiationExpression',
  'ChainExpression',
]);
const MAX_SNIPPET = 120;
