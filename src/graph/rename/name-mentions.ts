import { MENTION_KINDS } from '../rename-schema.ts';
import type { NameMention } from '../rename-schema.ts';
import { TEXT_PARTS } from './code-mask.ts';
import { isShorthand } from './file-edits.ts';
import type { SourceText } from './source-text.ts';

export interface MentioningFile {
  readonly path: string;
  readonly source: SourceText;
  readonly oldName: string;
  readonly isOfMembers: boolean;
  /** Every name in the file is known to the graph, or known to be none of the workspace's. */
  readonly isResolved: boolean;
  readonly isAsIndexed: boolean;
  /** Offsets that are edited, and `line:column` of what is known to be something else. */
  readonly edited: ReadonlySet<number>;
  readonly others: ReadonlySet<string>;
}

const MAX_TEXT = 160;

/** Mentions of the old name for which the graph has no relation, and which may mean what is renamed all the same. */
export function mentionsIn(file: MentioningFile): NameMention[] {
  const { path, source, oldName, edited, others } = file;
  const mentions: NameMention[] = [];
  for (const offset of source.wordsLike(oldName)) {
    const { line, column } = source.placeOf(offset);
    if (edited.has(offset) || (file.isAsIndexed && others.has(`${line}:${column}`))) continue;
    const kind = kindAt(file, offset);
    if (kind !== undefined) mentions.push({ path, line, kind, text: source.lineText(line).trim().slice(0, MAX_TEXT) });
  }
  return mentions;
}

/** Those that may break something come first. */
export function byWeight(a: NameMention, b: NameMention): number {
  return MENTION_KINDS.indexOf(a.kind) - MENTION_KINDS.indexOf(b.kind);
}

function kindAt(file: MentioningFile, offset: number): NameMention['kind'] | undefined {
  const { source, oldName, isOfMembers, isResolved, isAsIndexed } = file;
  const part = source.partAt(offset);
  if (part === TEXT_PARTS.comment) return isNamed(source, offset, oldName) ? 'comment' : undefined;
  if (part !== TEXT_PARTS.code) return isWholeName(source, offset, oldName) ? 'string' : undefined;
  if (!isAsIndexed) return 'changed';
  const before = source.codeBefore(offset);
  if (isOfMembers && isKey(source, offset, oldName)) return 'key';
  // Of a module's own name `ns.name` would be known; of a member any object may be meant.
  if (isOfMembers && before === '.') return 'member';
  return isResolved || isOfMembers ? undefined : 'untyped';
}

/** In prose a plain word is a word; one in backticks or in a type, or written as no word is, is a name. */
function isNamed(source: SourceText, offset: number, name: string): boolean {
  if (/[a-z\d][A-Z]|[_$\d#]|^[A-Z].*[A-Z]/.test(name)) return true;
  return /[`{<|]/.test(source.text[offset - 1] ?? '') || /[`}>|]/.test(source.text[offset + name.length] ?? '');
}

/** `'name'`, `'Class.name'`, `'name()'`; not a part of a path or of a sentence. */
function isWholeName(source: SourceText, offset: number, name: string): boolean {
  const before = source.text[offset - 1] ?? '';
  const after = source.text[offset + name.length] ?? '';
  return /["'`.#[]/.test(before) && /["'`.([\]]/.test(after);
}

/** `{ name: 1 }`, `{ name() {} }`, `{ name }`, `<Tag name="…" />`. */
function isKey(source: SourceText, offset: number, name: string): boolean {
  const end = offset + name.length;
  const isFirst = '{,'.includes(source.codeBefore(offset));
  if (isFirst && ':('.includes(source.codeAfter(end))) return source.text[source.openBracketAt(offset)] === '{';
  return isShorthand(source, offset, name) || /^=["'{]/.test(source.text.slice(end, end + 2));
}
