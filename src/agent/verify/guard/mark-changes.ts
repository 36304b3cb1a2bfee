import type { GuardedFile, GuardReason, GuardRules } from './guard-rules.ts';
import { diffLines, linesOf } from './line-diff.ts';
import { MARK_RULES } from './mark-rules.ts';
import type { MarkRule, SourceMark } from './mark-rules.ts';
import { shownPath } from './shown-path.ts';
import { marksOf } from './source-marks.ts';
import { isBroken, isSourcePath, parseSource } from './source-syntax.ts';

interface MarkPolicy {
  /** each: none may be new. count: there may be no more. first: no new kind. fewer: there may be no fewer. */
  readonly compare: 'each' | 'count' | 'first' | 'fewer';
  /** Ends the sentence that begins with what was found. */
  readonly refusal: string;
}

const POLICIES: Readonly<Record<MarkRule, MarkPolicy>> = {
  suppression: { compare: 'each', refusal: 'silences a check. Take it out and mend the cause.' },
  any: { compare: 'each', refusal: 'keeps the compiler from checking. Write the type that is meant.' },
  type_escape: {
    compare: 'each',
    refusal: 'claims a type that the compiler denies. Narrow the value, or mend the type.',
  },
  non_null: { compare: 'count', refusal: 'claims what nobody checks. Handle the missing value.' },
  test_control: { compare: 'each', refusal: 'must not be added. Let all tests run.' },
  empty_catch: { compare: 'count', refusal: 'hides errors. Handle what is caught, or let it pass.' },
  process_exit: { compare: 'first', refusal: 'ends the process. Throw, or return, instead.' },
  reach: { compare: 'first', refusal: 'is new in this file. Do without it.' },
  assertion: { compare: 'fewer', refusal: 'was removed. Put it back, and mend what it checks.' },
};

/** Components whose code stands among markup: they are looked at line by line. */
const COMPONENT = /\.(?:vue|svelte|astro|html?|mdx)$/i;
const SUSPECT =
  /@ts-(?:ignore|expect-error|nocheck)|(?:eslint|oxlint|tslint)-disable|biome-ignore|\bas\s+(?:any|never|unknown\s+as)\b|:\s*any\b|\b(?:eval|fetch)\s*\(|child_process|process\s*\.\s*exit/;

/** What a patch adds to one file that hides faults or reaches out of the program, and assertions that it takes away. */
export function addedMarks(file: GuardedFile, rules: GuardRules): readonly GuardReason[] {
  const { path, text } = file;
  if (text === undefined) return [];
  if (!isSourcePath(path)) return COMPONENT.test(path) ? suspectLines(file, text) : [];
  const source = parseSource(path, text);
  if (isBroken(source)) {
    const message = `${shownPath(path)}:${source.line} can't be parsed: ${source.problem}. Mend the syntax.`;
    return [{ rule: 'syntax', path, line: source.line, message }];
  }
  const marks = marksOf(source);
  const before = marksBefore(file, text, marks);
  return MARK_RULES.filter((rule) => rule !== 'non_null' || rules.allowsNonNull !== true).flatMap((rule) => {
    const one = before.filter((mark) => mark.rule === rule);
    const other = marks.filter((mark) => mark.rule === rule);
    return differing(POLICIES[rule].compare, one, other).map((mark) => reasonOf(path, mark));
  });
}

function reasonOf(path: string, { rule, line, what }: SourceMark): GuardReason {
  const { compare, refusal } = POLICIES[rule];
  const where = compare === 'fewer' ? `${shownPath(path)} (line ${line} before)` : `${shownPath(path)}:${line}`;
  return { rule, path, line, message: `${where}: ${what} ${refusal}` };
}

/** A text that could not be parsed had what stands in lines that stay. */
function marksBefore({ path, base }: GuardedFile, text: string, marks: readonly SourceMark[]): readonly SourceMark[] {
  if (base === undefined) return [];
  const source = parseSource(path, base);
  if (!isBroken(source)) return marksOf(source);
  const added = new Set(diffLines(base, text).added);
  return marks.filter(({ line }) => !added.has(line));
}

function differing(
  compare: MarkPolicy['compare'],
  before: readonly SourceMark[],
  after: readonly SourceMark[],
): readonly SourceMark[] {
  switch (compare) {
    case 'each':
      return beyond(before, after);
    case 'count':
      return beyond(before, after).slice(0, Math.max(0, after.length - before.length));
    case 'fewer':
      return beyond(after, before).slice(0, Math.max(0, before.length - after.length));
    case 'first': {
      const known = new Set(before.map(({ key }) => key));
      const firsts = new Map(after.filter(({ key }) => !known.has(key)).map((mark) => [mark.key, mark]));
      return [...firsts.values()];
    }
  }
}

/** Those of `after` that have no equal of their own in `before`. */
function beyond(before: readonly SourceMark[], after: readonly SourceMark[]): SourceMark[] {
  const left = new Map<string, number>();
  for (const { key } of before) left.set(key, (left.get(key) ?? 0) + 1);
  return after.filter(({ key }) => {
    const count = left.get(key) ?? 0;
    left.set(key, count - 1);
    return count <= 0;
  });
}

function suspectLines({ path, base }: GuardedFile, text: string): GuardReason[] {
  const lines = linesOf(text);
  return diffLines(base ?? '', text).added.flatMap((line): GuardReason[] => {
    const found = SUSPECT.exec(lines[line - 1] ?? '')?.[0];
    if (found === undefined) return [];
    const message = `${shownPath(path)}:${line}: \`${found}\` silences a check or reaches out. Do without it.`;
    return [{ rule: 'suppression', path, line, message }];
  });
}
