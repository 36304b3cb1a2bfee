import { KIND } from './flat-kinds.ts';
import { shortened } from './flat-signature.ts';
import { INITIALIZER_SLOT, SLOT } from './flat-slots.ts';
import type { FlatTree } from './flat-tree.ts';

const MAX_DOC_CHARACTERS = 400;
/** Of a comment: its text, and its tags. */
const COMMENT_SLOT = 0;
const TAGS_SLOT = 1;

/** First paragraph of the doc comment on one line; as `docOf`. */
export function docOf(tree: FlatTree, declaration: number): string {
  const doc = docNodeOf(tree, declaration);
  if (doc === 0) return '';
  let text = '';
  const parts = tree.child(doc, COMMENT_SLOT);
  for (let part = tree.first(parts); part !== 0; part = tree.next(part)) text += textOfPart(tree, part);
  const [paragraph = ''] = text.trim().split(/\n\s*\n/);
  return shortened(paragraph.replaceAll(/\s+/g, ' '), MAX_DOC_CHARACTERS);
}

/** The outermost of the nodes around a declaration that a comment on it may stand at, has the say. */
function docNodeOf(tree: FlatTree, declaration: number): number {
  let found = ownDoc(tree, tree.child(declaration, INITIALIZER_SLOT[tree.kind(declaration)] ?? -1), declaration);
  for (let node = declaration; node > 1;) {
    found = ownDoc(tree, node, declaration) || found;
    if (tree.kind(node) === KIND.Parameter) break;
    node = nextPlace(tree, node);
  }
  return found;
}

/** The last comment before a node, unless its tags belong to parentheses inside the declaration. */
function ownDoc(tree: FlatTree, node: number, declaration: number): number {
  let doc = 0;
  for (let child = node === 0 ? 0 : tree.first(node); child !== 0; child = tree.next(child)) {
    if (tree.kind(child) === KIND.JSDoc) doc = child;
  }
  const isOther = doc !== 0 && node !== declaration && tree.kind(node) === KIND.ParenthesizedExpression;
  return isOther && hasCastTag(tree, doc) ? 0 : doc;
}

function hasCastTag(tree: FlatTree, doc: number): boolean {
  const tags = tree.child(doc, TAGS_SLOT);
  for (let tag = tree.first(tags); tag !== 0; tag = tree.next(tag)) {
    const kind = tree.kind(tag);
    if (kind === KIND.JSDocTypeTag || kind === KIND.JSDocSatisfiesTag) return true;
  }
  return false;
}

/** `getNextJSDocCommentLocation` of the compiler. */
function nextPlace(tree: FlatTree, node: number): number {
  const parent = tree.parent(node);
  const kind = tree.kind(parent);
  switch (kind) {
    case KIND.PropertyAssignment:
    case KIND.ExportAssignment:
    case KIND.PropertyDeclaration:
    case KIND.ReturnStatement:
      return parent;
    case KIND.ModuleDeclaration:
      if (tree.kind(node) === KIND.ModuleDeclaration) return parent;
      break;
    case KIND.ExpressionStatement:
      if (tree.kind(node) === KIND.PropertyAccessExpression) return parent;
      break;
    default:
  }
  if (isAssignment(tree, node)) return parent;
  const outer = tree.parent(parent);
  if (outer !== 0 && (singleVariable(tree, outer) === node || isAssignment(tree, parent))) return outer;
  const outermost = tree.parent(outer);
  return outermost !== 0 && holdsValue(tree, outermost, node) ? outermost : 0;
}

function singleVariable(tree: FlatTree, statement: number): number {
  if (tree.kind(statement) !== KIND.VariableStatement) return 0;
  return tree.first(tree.child(tree.child(statement, SLOT.declarationList), SLOT.declarations));
}

function holdsValue(tree: FlatTree, outer: number, node: number): boolean {
  const kind = tree.kind(outer);
  switch (kind) {
    case KIND.VariableStatement:
      return singleVariable(tree, outer) !== 0;
    case KIND.PropertyDeclaration:
    case KIND.PropertyAssignment:
      return tree.child(outer, INITIALIZER_SLOT[kind] ?? -1) === node;
    case KIND.ExpressionStatement:
      return isDefaultedAssignment(tree, tree.child(outer, SLOT.expression));
    default:
      return false;
  }
}

/** `x = x || …` and `x = x ?? …`. */
function isDefaultedAssignment(tree: FlatTree, node: number): boolean {
  if (operatorOf(tree, node) !== KIND.EqualsToken) return false;
  const operator = operatorOf(tree, tree.child(node, SLOT.right));
  return operator === KIND.BarBarToken || operator === KIND.QuestionQuestionToken;
}

function isAssignment(tree: FlatTree, node: number): boolean {
  const operator = operatorOf(tree, node);
  return operator >= KIND.FirstAssignment && operator <= KIND.LastAssignment;
}

function operatorOf(tree: FlatTree, node: number): number {
  return tree.kind(node) === KIND.BinaryExpression ? tree.kind(tree.child(node, SLOT.operator)) : 0;
}

function textOfPart(tree: FlatTree, part: number): string {
  switch (tree.kind(part)) {
    case KIND.JSDocLink:
      return linkText(tree, part, 'link');
    case KIND.JSDocLinkCode:
      return linkText(tree, part, 'linkcode');
    case KIND.JSDocLinkPlain:
      return linkText(tree, part, 'linkplain');
    default:
      return tree.value(part);
  }
}

function linkText(tree: FlatTree, link: number, keyword: string): string {
  const name = tree.first(link);
  const text = tree.value(link);
  const space = name !== 0 && (text === '' || text.startsWith('://')) ? '' : ' ';
  return `{@${keyword} ${name === 0 ? '' : tree.source(name)}${space}${text}}`;
}
