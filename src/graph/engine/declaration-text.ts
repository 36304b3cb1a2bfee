import { ts } from 'ts-morph';
import { headerText, MAX_SIGNATURE_CHARACTERS } from './header-text.ts';
import type { DeclarationFact } from './declaration-facts.ts';

const MAX_DOC_CHARACTERS = 400;
/** More than this is never shown, so it is not read. */
const READ_CHARACTERS = 4 * MAX_SIGNATURE_CHARACTERS;

/** The header of a declaration on one line, without its body. */
export function signatureOf(fact: DeclarationFact, file: ts.SourceFile): string {
  const { declaration } = fact;
  if (fact.kind === 'test' || fact.kind === 'route') return '';
  const from = declaration.getStart(file);
  const to = Math.min(fact.bodyStart ?? declaration.getEnd(), from + READ_CHARACTERS);
  const text = headerText(file.text.slice(from, to));
  return shortened(`${keywordOf(declaration)}${text}`, MAX_SIGNATURE_CHARACTERS);
}

/** First paragraph of the doc comment on one line. */
export function docOf(declaration: ts.Declaration): string {
  const comments = ts.getJSDocCommentsAndTags(declaration);
  const doc = comments.findLast((comment) => ts.isJSDoc(comment));
  const text = ts.getTextOfJSDocComment(doc?.comment) ?? '';
  const [paragraph = ''] = text.trim().split(/\n\s*\n/);
  return shortened(paragraph.replaceAll(/\s+/g, ' '), MAX_DOC_CHARACTERS);
}

/** A variable's own node begins after its keyword. */
function keywordOf(declaration: ts.Declaration): string {
  if (!ts.isVariableDeclaration(declaration) || !ts.isVariableDeclarationList(declaration.parent)) return '';
  const { flags } = declaration.parent;
  if ((flags & ts.NodeFlags.Const) !== 0) return 'const ';
  return (flags & ts.NodeFlags.Let) === 0 ? 'var ' : 'let ';
}

function shortened(text: string, maxCharacters: number): string {
  return text.length <= maxCharacters ? text : `${text.slice(0, maxCharacters - 1)}…`;
}
