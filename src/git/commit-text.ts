import { redactText } from '../core/redact.ts';
import type { BranchPurpose } from './branch-name.ts';

/** Types of Conventional Commits 1.0.0 that are used here. */
export const COMMIT_TYPES = ['feat', 'fix', 'refactor', 'docs', 'style', 'test', 'perf', 'chore'] as const;
export type CommitType = (typeof COMMIT_TYPES)[number];

export interface CommitText {
  readonly type: CommitType;
  /** Part of the code that it is about. */
  readonly scope?: string | undefined;
  /** What the commit does, in a line. */
  readonly title: string;
  /** Paragraphs; lines are broken at 72 characters, those of lists and of code stay. */
  readonly body?: string | undefined;
  /** `Lightdom-Task: t_1`, in order; a value is one line. */
  readonly trailers?: Readonly<Record<string, string>> | undefined;
}

const MAX_SUBJECT_CHARACTERS = 72;
const MAX_LINE_CHARACTERS = 72;
const MAX_SCOPE_CHARACTERS = 24;

const TYPE_OF_PURPOSE: Readonly<Record<BranchPurpose, CommitType>> = {
  feature: 'feat',
  bugfix: 'fix',
  refactor: 'refactor',
  docs: 'docs',
  chore: 'chore',
};

/** By the categories of findings and of tasks; anything else mends something. */
const TYPE_OF_CATEGORY: ReadonlyMap<string, CommitType> = new Map([
  ['bug', 'fix'],
  ['security', 'fix'],
  ['architecture', 'refactor'],
  ['duplication', 'refactor'],
  ['refactor', 'refactor'],
  ['dead_code', 'chore'],
  ['chore', 'chore'],
  ['style', 'style'],
  ['documentation', 'docs'],
  ['docs', 'docs'],
  ['performance', 'perf'],
  ['test', 'test'],
]);

export function commitTypeOfPurpose(purpose: BranchPurpose): CommitType {
  return TYPE_OF_PURPOSE[purpose];
}

export function commitTypeOfCategory(category: string): CommitType {
  return TYPE_OF_CATEGORY.get(category) ?? 'fix';
}

/**
 * The message of a commit: a subject of at most 72 characters, the body, the trailers. Where the title is longer, the body begins
 * with the whole of it. What looks like a secret is masked.
 */
export function commitText({ type, scope, title, body = '', trailers = {} }: CommitText): string {
  const place = scope === undefined ? '' : scopeText(scope);
  const head = `${type}${place}: `;
  const line = oneLine(title).replace(/[.\s]+$/, '');
  const room = MAX_SUBJECT_CHARACTERS - head.length;
  const isCut = line.length > room;
  const whole = isCut ? [wrapped(line)] : [];
  const text = body.trim() === '' ? [] : [body.trim().split('\n').map(wrapped).join('\n')];
  const closing = Object.entries(trailers).map(([key, value]) => `${trailerKey(key)}: ${oneLine(value)}`);
  const paragraphs = [`${head}${isCut ? cut(line, room) : line}`, ...whole, ...text];
  if (closing.length > 0) paragraphs.push(closing.join('\n'));
  return `${redactText(paragraphs.join('\n\n'))}\n`;
}

/** `type: ` before a message that has none. */
export function withCommitType(type: CommitType, message: string): string {
  const has = new RegExp(`^(?:${COMMIT_TYPES.join('|')})(?:\\([^)\\n]*\\))?!?: `);
  return has.test(message) ? message : `${type}: ${message.trimStart()}`;
}

function scopeText(scope: string): string {
  const plain = scope.replaceAll(/[^\w./-]+/g, '-').replaceAll(/^-|-$/g, '');
  return plain === '' ? '' : `(${plain.slice(0, MAX_SCOPE_CHARACTERS)})`;
}

function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
}

/** A trailer is a word: anything else would make it a line of the body. */
function trailerKey(key: string): string {
  return key.replaceAll(/[^A-Za-z0-9-]+/g, '-');
}

function cut(text: string, room: number): string {
  const kept = text.slice(0, room - 1);
  const end = kept.lastIndexOf(' ');
  const whole = end > room / 2 ? kept.slice(0, end) : kept.replace(/[\uD800-\uDBFF]$/, '');
  return `${whole}…`;
}

function wrapped(line: string): string {
  if (line.length <= MAX_LINE_CHARACTERS || /^(?:\s{2,}|\t|[-*>|#])/.test(line)) return line;
  const lines: string[] = [];
  for (const word of line.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > MAX_LINE_CHARACTERS) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.join('\n');
}
