import { visibleText } from '../../../core/outside-text.ts';
import { redactText } from '../../../core/redact.ts';
import type { GuardedFile, GuardReason, GuardRules, GuardVerdict } from './guard-rules.ts';
import { diffLines, linesOf } from './line-diff.ts';
import type { LineDiff } from './line-diff.ts';
import { manifestChanges } from './manifest-change.ts';
import { addedMarks } from './mark-changes.ts';
import { protectionOf } from './protected-path.ts';
import { shownPath as shown } from './shown-path.ts';

/** As many as a person reviews in one sitting. */
const MAX_FILES = 20;
const MAX_DIFF_LINES = 600;
const MAX_FILE_BYTES = 512 * 1024;
/** More of a kind in one file say nothing new. */
const MAX_PER_FILE = 20;

/**
 * Whether a patch may be tried at all: one that touches what judges it, silences a check, reaches for more than the
 * program did before, or is larger than its task, is refused whatever its tests say. Nothing is executed.
 */
export function guardPatch(files: readonly GuardedFile[], rules: GuardRules = {}): GuardVerdict {
  const changed = files.filter(({ base, text }) => base !== text);
  const judged = changed.map((file) => judgeFile(file, rules));
  const lines = judged.reduce((sum, { diff }) => sum + diff.added.length + diff.removed.length, 0);
  const reasons = [...budgetReasons(changed.length, lines, rules), ...judged.flatMap((one) => one.reasons)];
  return { verdict: reasons.length === 0 ? 'allowed' : 'refused', reasons };
}

function budgetReasons(files: number, lines: number, rules: GuardRules): GuardReason[] {
  const { maxFiles = MAX_FILES, maxDiffLines = MAX_DIFF_LINES } = rules;
  const whole = (message: string): GuardReason => ({ rule: 'budget', path: '', message });
  return [
    ...(files > maxFiles
      ? [whole(`The patch changes ${files} files, at most ${maxFiles} are allowed. Make it smaller.`)]
      : []),
    ...(lines > maxDiffLines
      ? [whole(`The patch changes ${lines} lines, at most ${maxDiffLines} are allowed. Make it smaller.`)]
      : []),
  ];
}

const NO_DIFF: LineDiff = { added: [], removed: [] };

function judgeFile(file: GuardedFile, rules: GuardRules): { reasons: readonly GuardReason[]; diff: LineDiff } {
  const refusal = pathReason(file, rules) ?? formReason(file, rules);
  if (refusal !== undefined) return { reasons: [refusal], diff: NO_DIFF };
  const diff = diffLines(file.base ?? '', file.text ?? '');
  const reasons = [...textReasons(file, diff), ...addedMarks(file, rules)];
  return { reasons: reasons.slice(0, MAX_PER_FILE), diff };
}

function pathReason(file: GuardedFile, rules: GuardRules): GuardReason | undefined {
  const { path } = file;
  const protection = protectionOf(path);
  if (protection !== undefined) {
    const { rule, what } = protection;
    return { rule, path, message: `${shown(path)} ${what}. Leave it as it is, and change the sources instead.` };
  }
  if (file.isLink === true) {
    return {
      rule: 'link',
      path,
      message: `${shown(path)} is or lies behind a symbolic link. Change the file that it leads to.`,
    };
  }
  const { allowedPaths } = rules;
  if (allowedPaths !== undefined && !allowedPaths.some((allowed) => isWithin(path, allowed))) {
    const where = allowedPaths.slice(0, 5).join(', ');
    return { rule: 'scope', path, message: `${shown(path)} is outside of the task. Change only ${where}.` };
  }
  return manifestReason(file, rules);
}

function isWithin(path: string, allowed: string): boolean {
  return path === allowed || (allowed.endsWith('/') && path.startsWith(allowed));
}

function manifestReason({ path, base, text }: GuardedFile, rules: GuardRules): GuardReason | undefined {
  if (!/(?:^|\/)package\.json$/i.test(path)) return undefined;
  const isAllowed = rules.allowsDependencyRemoval === true;
  const changes = base === undefined || text === undefined ? ['all of it'] : manifestChanges(base, text);
  if (isAllowed && changes.length === 0) return undefined;
  const what = isAllowed
    ? `other than removed dependencies: ${changes.slice(0, 5).join(', ')}`
    : 'which says what is run and installed';
  return { rule: 'manifest', path, message: `${shown(path)} is changed, ${what}. Leave it as it is.` };
}

function formReason({ path, base, text }: GuardedFile, rules: GuardRules): GuardReason | undefined {
  const { maxFileBytes = MAX_FILE_BYTES } = rules;
  if (text?.includes('\0') === true || base?.includes('\0') === true) {
    return { rule: 'binary', path, message: `${shown(path)} is binary. Only texts may be changed.` };
  }
  const bytes = Buffer.byteLength(text ?? '');
  if (bytes <= maxFileBytes) return undefined;
  return {
    rule: 'size',
    path,
    message: `${shown(path)} would have ${bytes} bytes, at most ${maxFileBytes} are allowed. Split it.`,
  };
}

/** What is in the lines that the patch adds. */
function textReasons({ path, text }: GuardedFile, diff: LineDiff): GuardReason[] {
  const lines = linesOf(text ?? '');
  return diff.added.flatMap((line): GuardReason[] => {
    const added = lines[line - 1] ?? '';
    const place = `${shown(path)}:${line}`;
    const hidden: GuardReason = {
      rule: 'hidden_text',
      path,
      line,
      message: `${place} has characters that nobody sees, or that turn text around. Write them as escapes, or leave them out.`,
    };
    const secret: GuardReason = {
      rule: 'secret',
      path,
      line,
      message: `${place} looks as if it held a secret. Read it from the configuration instead.`,
    };
    // A carriage return before the line feed is an ending like others.
    const isPlain = visibleText(added.replace(/\r$/, '')) === added.replace(/\r$/, '');
    return [...(isPlain ? [] : [hidden]), ...(redactText(added) === added ? [] : [secret])];
  });
}
