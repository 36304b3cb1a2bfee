import { closing } from './answer-text.ts';
import type { ContextAnswer, ContextItem } from './context-schema.ts';
import { estimateTokens } from '../core/token-estimate.ts';

/** What does not describe code takes at most this share of the budget each. */
const SIDE_SHARE = 0.2;

/** A context pack as compact text: a path once for all that is in it, a container once for its members. */
export function renderContext(answer: ContextAnswer): string {
  const { about, items, tests, unmatched, total, usedTokens, budget } = answer;
  const size = `${items.length} of ${total} symbols, at most ${usedTokens} of ${budget} tokens`;
  return [
    `${about}: ${size}`,
    ...unmatchedLines(unmatched, budget),
    ...itemLines(items),
    ...testLines(tests),
    ...closing(answer),
  ].join('\n');
}

/** Items of a file, and in it of a container, stand together; a file itself is the heading of what is in it. */
export function itemLines(items: readonly ContextItem[]): string[] {
  const lines: string[] = [];
  let path = '';
  let container = '';
  for (const item of items) {
    if (item.path !== path) {
      lines.push(item.kind === 'file' ? `${item.path} - ${item.reason}` : item.path);
      container = '';
    }
    path = item.path;
    if (item.kind === 'file') continue;
    const own = containerOf(item);
    if (own !== '' && own !== container) lines.push(`  in ${own}`);
    container = own === '' ? item.name : own;
    lines.push(...linesOf(item));
  }
  return lines;
}

/** As many as fit, then the number of the others; the structured answer has them all. */
export function unmatchedLines(unmatched: readonly string[], budget: number): string[] {
  if (unmatched.length === 0) return [];
  const head = 'Symbols that name none or several; ask again with one of the ids:';
  const shown = fitting(
    unmatched.map((line) => `  ${line}`),
    budget * SIDE_SHARE - costOf([head]),
  );
  const left = unmatched.length - shown.length;
  return [head, ...shown, ...(left === 0 ? [] : [`  ${left} more lines like these`])];
}

export function testLines(tests: readonly string[]): string[] {
  return tests.length === 0 ? [] : ['tests:', ...tests.map((path) => `  ${path}`)];
}

/** The tests that fit, the first ones. */
export function fittingTests(tests: readonly string[], budget: number): string[] {
  return fitting(tests, budget * SIDE_SHARE);
}

/** Tokens of lines, and of their ends. */
export function costOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + estimateTokens(line) + 1, 0);
}

function fitting(lines: readonly string[], tokens: number): string[] {
  const shown: string[] = [];
  let left = tokens;
  for (const line of lines) {
    left -= costOf([line]);
    if (left < 0) break;
    shown.push(line);
  }
  return shown;
}

function linesOf(item: ContextItem): string[] {
  const { line, kind, name, signature, doc, reason } = item;
  const indent = containerOf(item) === '' ? '  ' : '    ';
  const header = signature === '' ? `${kind} ${name}` : signature;
  const comment = doc === undefined ? [] : [`${indent}  ${doc}`];
  return [`${indent}${line} ${header} - ${reason}`, ...comment];
}

function containerOf({ name, kind }: ContextItem): string {
  // Names of tests are sentences.
  return kind === 'test' ? '' : name.slice(0, Math.max(0, name.lastIndexOf('.')));
}
