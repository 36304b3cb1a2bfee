import { headerText, MAX_SIGNATURE_CHARACTERS } from '../header-text.ts';
import { KIND } from './flat-kinds.ts';
import type { FlatFact } from './flat-fact.ts';
import type { FlatTree } from './flat-tree.ts';

/** More than this is never shown, so it is not read. */
const READ_CHARACTERS = 4 * MAX_SIGNATURE_CHARACTERS;
/** NodeFlags. */
const LET = 1;
const CONST = 2;

/** The header of a declaration on one line, without its body; as `signatureOf`. */
export function signatureOf(tree: FlatTree, { kind, declaration, bodyStart }: FlatFact): string {
  if (kind === 'test' || kind === 'route') return '';
  const from = tree.start(declaration);
  const to = Math.min(bodyStart ?? tree.end(declaration), from + READ_CHARACTERS);
  const text = headerText(tree.text.slice(from, to));
  return shortened(`${keywordOf(tree, declaration)}${text}`, MAX_SIGNATURE_CHARACTERS);
}

export function shortened(text: string, maxCharacters: number): string {
  return text.length <= maxCharacters ? text : `${text.slice(0, maxCharacters - 1)}…`;
}

/** A variable's own node begins after its keyword. */
function keywordOf(tree: FlatTree, declaration: number): string {
  if (tree.kind(declaration) !== KIND.VariableDeclaration) return '';
  const list = tree.parent(declaration);
  if (tree.kind(list) !== KIND.VariableDeclarationList) return '';
  const flags = tree.flags(list);
  if ((flags & CONST) !== 0) return 'const ';
  return (flags & LET) === 0 ? 'var ' : 'let ';
}
