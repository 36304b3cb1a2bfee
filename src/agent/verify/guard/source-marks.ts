import type { SourceMark } from './mark-rules.ts';
import { reachMark } from './reach-marks.ts';
import {
  childOf,
  childrenOf,
  identifierName,
  literalText,
  memberName,
  placesOf,
  rootName,
  snippetOf,
  unwrapped,
} from './source-syntax.ts';
import type { ParsedSource, SyntaxNode, SyntaxPlace } from './source-syntax.ts';
import { commentMarks } from './suppression-comments.ts';

/** Everything in a text that hides faults or reaches out of the program. Strings and comments are never taken for code. */
export function marksOf(source: ParsedSource): readonly SourceMark[] {
  const marks = commentMarks(source);
  for (const place of placesOf(source.root)) {
    for (const find of FINDERS) {
      const mark = find(place, source);
      if (mark !== undefined) marks.push(mark);
    }
  }
  return marks;
}

type Finder = (place: SyntaxPlace, source: ParsedSource) => SourceMark | undefined;

function markAt(place: SyntaxPlace, source: ParsedSource, mark: Omit<SourceMark, 'line'>): SourceMark {
  return { ...mark, line: source.lineOf(place.node.start) };
}

function anyMark(place: SyntaxPlace, source: ParsedSource): SourceMark | undefined {
  const { node } = place;
  if (node.type === 'TSAnyKeyword') {
    const owner = ownerOf(place);
    const text = snippetOf(source, owner.node).slice(0, 60);
    return markAt(place, source, {
      rule: 'any',
      key: `any|${ownerKey(owner, source)}`,
      what: `\`any\` in \`${text}\``,
    });
  }
  const isOpenModule = node.type === 'TSModuleDeclaration' && childOf(node, 'body') === undefined;
  if (!isOpenModule) return undefined;
  const text = snippetOf(source, node);
  return markAt(place, source, { rule: 'any', key: text, what: `\`${text}\`, which makes all of a module \`any\`` });
}

/** The first place around a type that is no type itself, or an assertion. */
function ownerOf(place: SyntaxPlace): SyntaxPlace {
  let owner = place;
  while (owner.parent !== undefined && owner.node.type.startsWith('TS') && !ASSERTIONS.has(owner.node.type)) {
    owner = owner.parent;
  }
  return owner;
}

function ownerKey({ node }: SyntaxPlace, source: ParsedSource): string {
  const name = identifierName(node) ?? identifierName(childOf(node, 'id')) ?? identifierName(childOf(node, 'key'));
  if (name !== undefined) return name;
  const asserted = ASSERTIONS.has(node.type) ? childOf(node, 'expression') : undefined;
  return asserted === undefined ? node.type : snippetOf(source, asserted);
}

/** `x as unknown as T` and `x as never` get past the compiler as `any` does. */
function escapeMark(place: SyntaxPlace, source: ParsedSource): SourceMark | undefined {
  const { node } = place;
  if (!ASSERTIONS.has(node.type)) return undefined;
  const inner = parenthesized(childOf(node, 'expression'));
  const isDouble =
    inner !== undefined && ASSERTIONS.has(inner.type) && childOf(inner, 'typeAnnotation')?.type === 'TSUnknownKeyword';
  const isNever = childOf(node, 'typeAnnotation')?.type === 'TSNeverKeyword';
  if (!isDouble && !isNever) return undefined;
  const text = snippetOf(source, node);
  return markAt(place, source, { rule: 'type_escape', key: text, what: `\`${text}\`` });
}

function parenthesized(node: SyntaxNode | undefined): SyntaxNode | undefined {
  let inner = node;
  while (inner?.type === 'ParenthesizedExpression') inner = childOf(inner, 'expression');
  return inner;
}

function nonNullMark(place: SyntaxPlace, source: ParsedSource): SourceMark | undefined {
  const { node } = place;
  if (node.type !== 'TSNonNullExpression' && node['definite'] !== true) return undefined;
  const text = snippetOf(source, node).slice(0, 60);
  return markAt(place, source, { rule: 'non_null', key: text, what: `the assertion \`${text}\`` });
}

function testControlMark(place: SyntaxPlace, source: ParsedSource): SourceMark | undefined {
  const { node } = place;
  const isMember = node.type === 'MemberExpression';
  const name = isMember ? memberName(node) : identifierName(calleeOf(node));
  if (name === undefined) return undefined;
  const isControlled = isMember
    ? CONTROLS.has(name) && TESTS.has(rootName(childOf(node, 'object')) ?? '')
    : CONTROLLED_TESTS.has(name) || (TESTS.has(name) && childrenOf(node, 'arguments').some(skips));
  if (!isControlled) return undefined;
  const text = snippetOf(source, node).slice(0, 60);
  return markAt(place, source, { rule: 'test_control', key: text, what: `\`${text}\`, which switches tests off,` });
}

/** `test('x', { skip: true }, …)`. */
function skips(argument: SyntaxNode): boolean {
  return (
    argument.type === 'ObjectExpression' &&
    childrenOf(argument, 'properties').some((property) => {
      const key = childOf(property, 'key');
      return CONTROLS.has(identifierName(key) ?? literalText(key) ?? '');
    })
  );
}

function emptyCatchMark(place: SyntaxPlace, source: ParsedSource): SourceMark | undefined {
  const { node } = place;
  const block = node.type === 'CatchClause' ? childOf(node, 'body') : caughtBlock(node);
  if (block === undefined || block.type !== 'BlockStatement' || childrenOf(block, 'body').length > 0) return undefined;
  return markAt(place, source, { rule: 'empty_catch', key: 'empty', what: 'an empty `catch`' });
}

/** The block of `f` in `.catch(f)`. */
function caughtBlock(node: SyntaxNode): SyntaxNode | undefined {
  const callee = node.type === 'CallExpression' ? unwrapped(childOf(node, 'callee')) : undefined;
  if (callee?.type !== 'MemberExpression' || memberName(callee) !== 'catch') return undefined;
  return childOf(childrenOf(node, 'arguments')[0], 'body');
}

function exitMark(place: SyntaxPlace, source: ParsedSource): SourceMark | undefined {
  const { node } = place;
  const name = node.type === 'MemberExpression' ? memberName(node) : undefined;
  const isExit = name !== undefined && EXITS.has(name) && isProcess(unwrapped(childOf(node, 'object')));
  const isImport = node.type === 'ImportSpecifier' && EXITS.has(identifierName(childOf(node, 'imported')) ?? '');
  const isFromProcess =
    isImport && /^(?:node:)?process$/.test(literalText(childOf(place.parent?.node, 'source')) ?? '');
  if (!isExit && !isFromProcess) return undefined;
  const text = snippetOf(source, node);
  return markAt(place, source, { rule: 'process_exit', key: name ?? text, what: `\`${text}\`` });
}

/** `process`, and `globalThis.process`. */
function isProcess(node: SyntaxNode | undefined): boolean {
  if (node === undefined) return false;
  return identifierName(node) === 'process' || (node.type === 'MemberExpression' && memberName(node) === 'process');
}

function assertionMark(place: SyntaxPlace, source: ParsedSource): SourceMark | undefined {
  const callee = unwrapped(calleeOf(place.node));
  if (callee === undefined) return undefined;
  const object = callee.type === 'MemberExpression' ? childOf(callee, 'object') : callee;
  const name = identifierName(unwrapped(object)) ?? '';
  const isConsole = name === 'console' && memberName(callee) === 'assert';
  if (!ASSERTS.has(name) && !isConsole) return undefined;
  const text = snippetOf(source, place.node);
  return markAt(place, source, { rule: 'assertion', key: text, what: `the assertion \`${text.slice(0, 60)}\`` });
}

function calleeOf(node: SyntaxNode): SyntaxNode | undefined {
  return node.type === 'CallExpression' ? childOf(node, 'callee') : undefined;
}

const FINDERS: readonly Finder[] = [
  anyMark,
  escapeMark,
  nonNullMark,
  testControlMark,
  emptyCatchMark,
  exitMark,
  assertionMark,
  (place, source) => {
    const found = reachMark(place);
    return found === undefined ? undefined : markAt(place, source, { rule: 'reach', ...found });
  },
];
const ASSERTIONS = new Set(['TSAsExpression', 'TSTypeAssertion', 'TSSatisfiesExpression']);
const TESTS = new Set(['it', 'test', 'describe', 'suite', 'context', 'specify', 'bench']);
const CONTROLS = new Set(['skip', 'only', 'todo', 'fails', 'failing', 'skipIf', 'runIf']);
const CONTROLLED_TESTS = new Set(['xit', 'xtest', 'xdescribe', 'xcontext', 'xspecify', 'fit', 'fdescribe', 'ftest']);
const EXITS = new Set(['exit', 'exitCode', 'abort', 'kill', 'reallyExit']);
const ASSERTS = new Set(['assert', 'expect', 'invariant']);
