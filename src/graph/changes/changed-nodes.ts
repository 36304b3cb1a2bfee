import type { ChangedFile, ChangedLines } from '../../git/index.ts';
import type { GraphView } from '../query/graph-view.ts';
import { isAsIndexed, compilerText } from '../workspace-text.ts';
import { ownerBetween, ownersByLine, spansByNames, spansIn } from './node-lines.ts';
import type { LineSpan } from './node-lines.ts';

/** How the lines of a change were laid over what the index knows. */
export const LINE_MAPPINGS = ['after', 'before', 'whole', 'rough', 'none'] as const;
type LineMapping = (typeof LINE_MAPPINGS)[number];

export const NODE_CHANGES = ['modified', 'added', 'removed'] as const;

export interface ChangedNode {
  readonly row: number;
  readonly change: (typeof NODE_CHANGES)[number];
  readonly isCertain: boolean;
}

/** Both sides of a changed file, as far as they can be read. */
export interface FileTexts {
  readonly after: string | undefined;
  readonly before: string | undefined;
}

/** What a changed file means for the graph. */
export interface FileImpact {
  readonly file: ChangedFile;
  readonly mapping: LineMapping;
  /** The file's own node, where the index has the file under its new path or else its old one. */
  readonly fileRow: number | undefined;
  readonly nodes: readonly ChangedNode[];
  /** Lines of code that belong to no declaration: imports, statements, what the index does not know. */
  readonly looseLines: readonly number[];
  /** Whether a line of the indexed text is part of the change. */
  isTouched(line: number): boolean;
}

/**
 * Lays the change of one file over the graph. The index may have been made of the new text (`after`), of the old one
 * (`before`), or of another (`rough`): the last is a guess and says so.
 */
export function changedNodesOf(view: GraphView, file: ChangedFile, texts: FileTexts): FileImpact {
  const current = view.rowOfFile(file.path);
  const former = file.from === undefined || file.status === 'copied' ? current : view.rowOfFile(file.from);
  const fileRow = current ?? former;
  if (fileRow === undefined) return untold(file);
  if (file.status === 'deleted') return wholeFile(view, file, { fileRow, change: 'removed', isCertain: true });
  if (current !== undefined && ['added', 'untracked', 'copied'].includes(file.status)) {
    const isCertain = isAsIndexed(texts.after, view.fileOf(current));
    return wholeFile(view, file, { fileRow: current, change: 'added', isCertain });
  }
  if (current !== undefined && isAsIndexed(texts.after, view.fileOf(current))) {
    return byLines(view, { file, fileRow: current, texts, mapping: 'after' });
  }
  // What was only moved is the same on both sides.
  const before = file.lines.length === 0 ? texts.after : texts.before;
  if (former !== undefined && isAsIndexed(before, view.fileOf(former))) {
    return byLines(view, { file, fileRow: former, texts, mapping: 'before' });
  }
  return byLines(view, { file, fileRow, texts, mapping: 'rough' });
}

function untold(file: ChangedFile): FileImpact {
  return { file, mapping: 'none', fileRow: undefined, nodes: [], looseLines: [], isTouched: () => true };
}

function wholeFile(
  view: GraphView,
  file: ChangedFile,
  { fileRow, change, isCertain }: Omit<ChangedNode, 'row'> & { readonly fileRow: number },
): FileImpact {
  const nodes = view.membersOf(fileRow).map((row) => ({ row, change, isCertain }));
  return { file, mapping: 'whole', fileRow, nodes, looseLines: [], isTouched: () => true };
}

interface Laid {
  readonly file: ChangedFile;
  readonly fileRow: number;
  readonly texts: FileTexts;
  readonly mapping: 'after' | 'before' | 'rough';
}

/** One side of a hunk. */
interface Range {
  readonly start: number;
  readonly count: number;
  readonly otherCount: number;
}

function byLines(view: GraphView, { file, fileRow, texts, mapping }: Laid): FileImpact {
  const indexed = { after: texts.after, before: texts.before, rough: undefined }[mapping];
  const text = indexed === undefined ? undefined : compilerText(indexed);
  const spans = text === undefined ? spansByNames(view, fileRow) : spansIn(view, fileRow, text);
  const ranges = file.lines.map((hunk) => sideOf(hunk, mapping === 'before'));
  const { rows, looseLines } = rowsTouched(view, { spans, ranges, lines: text?.split('\n') ?? [] });
  const changeOf = classifier({ view, ranges, mapping, after: texts.after });
  const nodes = [...rows].map((row) => ({ row, change: changeOf(row), isCertain: mapping !== 'rough' }));
  return {
    file,
    mapping,
    fileRow,
    nodes: withoutImplied(view, nodes),
    looseLines,
    isTouched: (line) => ranges.some(({ start, count }) => start <= line && line < start + count),
  };
}

function sideOf({ oldStart, oldCount, newStart, newCount }: ChangedLines, isOld: boolean): Range {
  return isOld
    ? { start: oldStart, count: oldCount, otherCount: newCount }
    : { start: newStart, count: newCount, otherCount: oldCount };
}

interface Touch {
  readonly spans: readonly LineSpan[];
  readonly ranges: readonly Range[];
  readonly lines: readonly string[];
}

function rowsTouched(view: GraphView, { spans, ranges, lines }: Touch) {
  const owners = ownersByLine(view, spans);
  const rows = new Set<number>();
  const looseLines: number[] = [];
  for (const { start, count } of ranges) {
    if (count === 0) {
      const row = ownerBetween(spans, start);
      if (row === undefined) looseLines.push(Math.max(1, start));
      else rows.add(row);
    }
    for (let line = start; line < start + count; line += 1) {
      const found = [...(owners.get(line) ?? [])];
      // Inside of bodies a line that looks like a comment may be text; elsewhere it is a comment.
      const isIdle = isBlankOrComment(lines[line - 1]) && found.every((row) => !isBody(view, row));
      if (isIdle) continue;
      if (found.length === 0) looseLines.push(line);
      for (const row of found) rows.add(row);
    }
  }
  return { rows, looseLines };
}

function isBlankOrComment(line: string | undefined): boolean {
  return line !== undefined && /^\s*(?:$|\/\/|\*(?:\s|\/|$)|\/\*(?:(?!\*\/).)*(?:\*\/\s*)?$)/.test(line);
}

function isBody(view: GraphView, row: number): boolean {
  return !['class', 'interface', 'enum', 'namespace', 'module', 'file'].includes(view.kindOf(row));
}

interface Classified {
  readonly view: GraphView;
  readonly ranges: readonly Range[];
  readonly mapping: Laid['mapping'];
  readonly after: string | undefined;
}

/** By the line of its name alone: of two functions in a row a diff often keeps the closing brace of the wrong one. */
function classifier({ view, ranges, mapping, after }: Classified): (row: number) => ChangedNode['change'] {
  return (row) => {
    const line = view.lineOf(row);
    const range = ranges.find(({ start, count }) => start <= line && line < start + count);
    if (range === undefined || mapping === 'rough') return 'modified';
    if (mapping === 'after') return range.otherCount === 0 ? 'added' : 'modified';
    return after !== undefined && !hasWord(after, view.nameOf(row)) ? 'removed' : 'modified';
  };
}

/** What came or went with its container is not told apart. */
function withoutImplied(view: GraphView, nodes: readonly ChangedNode[]): ChangedNode[] {
  const whole = new Set(nodes.filter(({ change }) => change !== 'modified').map(({ row }) => row));
  return nodes.filter(({ row }) => {
    for (let outer = view.containerOf(row); outer >= 0; outer = view.containerOf(outer)) {
      if (whole.has(outer)) return false;
    }
    return true;
  });
}

/** Whether a name stands in a text as a word of its own. */
function hasWord(text: string, name: string): boolean {
  const isPart = (char: string | undefined): boolean => char !== undefined && /[\w$]/.test(char);
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    if (!isPart(text[at - 1]) && !isPart(text[at + name.length])) return true;
  }
  return false;
}
