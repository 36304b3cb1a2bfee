import { visibleText } from '../../../core/outside-text.ts';
import { linesOf } from './line-diff.ts';
import type { ParsedSource, SourceComment } from './source-syntax.ts';
import type { SourceMark } from './mark-rules.ts';

/** Words in comments by which people tell a checker to look away. */
const DIRECTIVES: readonly RegExp[] = [
  /@ts-(?:ignore|expect-error|nocheck)\b/,
  /\beslint-(?:disable|enable)(?:-next-line|-line)?\b/,
  /\b(?:oxlint|tslint|stylelint|rslint)[-:]disable\S*/,
  /\bbiome-ignore\S*/,
  /\bdeno-lint-ignore\S*/,
  /\$Flow(?:FixMe|Ignore|ExpectedError)\b/,
  /\b(?:istanbul|c8|v8|node:coverage)\s+(?:ignore|disable)\b/,
  /\bStryker\s+disable\b/,
];
/** `/* eslint no-debugger: off *\/` configures, as blocks alone do. */
const ESLINT_CONFIG = /^\s*eslint\s+[^]*(?:\boff\b|:\s*["']?0|\bwarn\b|:\s*["']?1)/;
/** In a script checked by its comments, `any` is written there. */
const DOC_ANY =
  /@(?:type|param|returns?|typedef|property|prop|template|satisfies|this)\s*\{[^}]*(?:\bany\b|\*)[^}]*\}/g;

/**
 * Comments that silence checks, and types `any` of scripts. One that silences a line is the same only above the same line:
 * moved to another, it silences something else.
 */
export function commentMarks(source: ParsedSource): SourceMark[] {
  const lines = linesOf(source.text);
  return source.comments.flatMap((comment) => marksOfComment(source, comment, lines));
}

function marksOfComment(source: ParsedSource, comment: SourceComment, lines: readonly string[]): SourceMark[] {
  const value = visibleText(comment.value);
  const line = source.lineOf(comment.start);
  const said = DIRECTIVES.map((pattern) => pattern.exec(value)?.[0]).find((text) => text !== undefined);
  const config = comment.isBlock && ESLINT_CONFIG.test(value) ? 'eslint … off' : undefined;
  const directive = said ?? config;
  const marks: SourceMark[] = [];
  if (directive !== undefined) {
    const key = `${value.trim()}|${isWholeFile(directive) ? '' : silencedLine(source, comment, lines)}`;
    marks.push({ rule: 'suppression', key, line, what: `the comment \`${directive}\`` });
  }
  if (/\.[cm]?jsx?$/i.test(source.path)) {
    for (const [text] of value.matchAll(DOC_ANY)) {
      marks.push({ rule: 'any', key: `doc|${text}`, line, what: `\`${text.slice(0, 80)}\`` });
    }
  }
  return marks;
}

function isWholeFile(directive: string): boolean {
  return directive === '@ts-nocheck' || !/line|ignore|expect-error/i.test(directive);
}

/** The code on the line of the comment, or else the next line that has some. */
function silencedLine(source: ParsedSource, comment: SourceComment, lines: readonly string[]): string {
  const first = source.lineOf(comment.start) - 1;
  const before = source.text.slice(source.text.lastIndexOf('\n', comment.start - 1) + 1, comment.start).trim();
  if (before !== '' && before !== '{') return before;
  const after = lines.slice(source.lineOf(comment.end) - 1);
  const [, ...next] = after;
  return next.find((text) => /\S/.test(text) && !/^\s*(?:\/\/|\*)/.test(text))?.trim() ?? lines[first] ?? '';
}
