import type { SkippedPlace } from '../rename-schema.ts';
import type { GraphView } from '../query/graph-view.ts';
import { TEXT_PARTS } from './code-mask.ts';
import { isMember } from './name-rules.ts';
import { isKeyOfObject } from './rename-places.ts';
import type { NamePlace } from './rename-places.ts';
import type { SourceText } from './source-text.ts';

/** One piece of text that takes the place of another. */
export interface TextEdit {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
  readonly reason: string;
}

export interface RenamedFile {
  readonly path: string;
  readonly source: SourceText;
  /** In order of their places, without overlap. */
  readonly edits: readonly TextEdit[];
  readonly skipped: readonly SkippedPlace[];
}

export interface FileToRename {
  readonly path: string;
  readonly source: SourceText;
  readonly places: readonly NamePlace[];
  /** `line:column` of what the graph knows to be something else. */
  readonly others: ReadonlySet<string>;
  readonly oldName: string;
  readonly newName: string;
}

/** Looks at each place whether the old name stands there, and what has to take its place. */
export function renameInFile(view: GraphView, file: FileToRename): RenamedFile {
  const { path, source, places } = file;
  const edits = new Map<number, TextEdit>();
  const skipped: SkippedPlace[] = [];
  const keepsAlias = places.some((place) => place.isLink && bindsOldName(file, place));
  for (const place of places) {
    const found = editAt(view, file, place);
    const isAlias = keepsAlias && !place.isLink && !place.isDeclaration && !isMemberAccess(source, place);
    if (typeof found === 'string' || isAlias) {
      const reason = typeof found === 'string' ? found : `\`${file.oldName}\` is here the name that an import gives`;
      skipped.push({ path, line: place.line, reason });
    } else edits.set(found.offset, found);
  }
  for (const edit of unlisted(view, file, edits)) edits.set(edit.offset, edit);
  return { path, source, edits: [...edits.values()].toSorted((a, b) => a.offset - b.offset), skipped };
}

/** The edit, or why there is none. */
function editAt(view: GraphView, { source, oldName, newName }: FileToRename, place: NamePlace): TextEdit | string {
  const offset = source.offsetOf(place.line, place.column);
  const { reason } = place;
  const quote = source.text[offset] ?? '';
  if (/["'`]/.test(quote) && source.text.startsWith(`${oldName}${quote}`, offset + 1)) {
    return { offset: offset + 1, length: oldName.length, text: newName, reason: `${reason} by key` };
  }
  if (!source.isWordAt(offset, oldName)) return otherName(source, offset);
  const edit = { offset, length: oldName.length, text: newName, reason };
  const isOwnName = place.isDeclaration && !isKeyOfObject(view, place.row);
  if (place.isLink || isOwnName || !isShorthand(source, offset, oldName)) return edit;
  // `{ name }` says it twice: a member's name is what stands before the colon, a value's what stands behind.
  if (isMember(view, place.row)) return { ...edit, text: `${newName}: ${oldName}` };
  return isPattern(source, offset) ? edit : { ...edit, text: `${oldName}: ${newName}` };
}

function otherName(source: SourceText, offset: number): string {
  const word = /^[#\w$]+|^["'`][^"'`\n]*["'`]/.exec(source.text.slice(Math.max(0, offset), offset + 200))?.[0] ?? '';
  if (word === '') return 'no name stands there';
  return `\`${word}\` stands there, another name for it`;
}

/** `{ name }` of an object or of a pattern, which stands for `{ name: name }`. */
export function isShorthand(source: SourceText, offset: number, name: string): boolean {
  const before = source.codeBefore(offset);
  const after = source.codeAfter(offset + name.length);
  const isDefault = after === '=' && /^\s*=(?![=>])/.test(source.text.slice(offset + name.length));
  if (!['{', ','].includes(before) || !([',', '}'].includes(after) || isDefault)) return false;
  const brace = source.openBracketAt(offset);
  if (source.text[brace] !== '{' || !isObjectBrace(source, brace)) return false;
  // `{name}` between tags, or as an attribute, is an expression; formatters put spaces into objects only.
  return !(before === '{' && after === '}' && source.text[brace + 1] === name[0]);
}

/** An object or a pattern may begin here, and no block. */
function isObjectBrace(source: SourceText, brace: number): boolean {
  const before = source.codeBefore(brace);
  if (before !== '' && '(,=:[?&|{.<'.includes(before)) return true;
  return /\b(?:const|let|var|return|default|yield|await|case|in|of|throw|satisfies)\s*$/.test(
    source.text.slice(Math.max(0, brace - 40), brace),
  );
}

/** `const { name } = …` takes something out, rather than putting it in. */
function isPattern(source: SourceText, offset: number): boolean {
  return /\b(?:const|let|var)\s*$/.test(source.text.slice(0, source.openBracketAt(offset)).slice(-40));
}

/** `import { other as name }`: uses of `name` in this file mean the alias, which stays. */
function bindsOldName({ source, oldName }: FileToRename, { line, column }: NamePlace): boolean {
  const offset = source.offsetOf(line, column);
  if (source.isWordAt(offset, oldName)) return false;
  const tied = /^["'`]?[\w$]+["'`]?\s*(?:as|:)\s+([\w$]+)/.exec(source.text.slice(offset, offset + 500));
  return tied?.[1] === oldName;
}

function isMemberAccess(source: SourceText, { line, column }: NamePlace): boolean {
  return source.codeBefore(source.offsetOf(line, column)) === '.';
}

/** Where the name stands again though the graph has no place for it: further overloads, `set` of `get`. */
function unlisted(view: GraphView, file: FileToRename, edits: ReadonlyMap<number, TextEdit>): TextEdit[] {
  const { source, oldName, newName, others, places } = file;
  const ranges = places.filter(({ isDeclaration }) => isDeclaration).map((place) => rangeOf(view, place));
  const found: TextEdit[] = [];
  for (const offset of source.wordsLike(oldName)) {
    const { line, column } = source.placeOf(offset);
    if (edits.has(offset) || source.partAt(offset) !== TEXT_PARTS.code || others.has(`${line}:${column}`)) continue;
    const own = ranges.find(({ start, end }) => start <= offset && offset < end);
    if (own === undefined || !isOverload(source, offset, own)) continue;
    found.push({ offset, length: oldName.length, text: newName, reason: 'overload' });
  }
  return found;
}

interface Declared {
  readonly kind: string;
  readonly column: number;
  readonly start: number;
  readonly end: number;
}

function rangeOf(view: GraphView, { row, column }: NamePlace): Declared {
  const { start, end } = view.columns.nodes;
  return { kind: view.kindOf(row), column, start: start[row] ?? 0, end: end[row] ?? 0 };
}

function isOverload(source: SourceText, offset: number, { kind, start }: Declared): boolean {
  const { line, column } = source.placeOf(offset);
  const before = source.lineText(line).slice(0, column - 1);
  if (kind === 'function' || kind === 'component') return /\bfunction\s*\*?\s*$/.test(before);
  if (kind === 'accessor') return /\b(?:get|set)\s+$/.test(before);
  if (kind !== 'method') return false;
  const indent = (text: string): string => /^\s*/.exec(text)?.[0] ?? '';
  const isAligned = indent(before) === indent(source.lineText(source.placeOf(start).line));
  return isAligned && /^\s*(?:(?:public|private|protected|static|override|abstract|async)\s+)*$/.test(before);
}
