import type { LintMessage } from '../../core/lint-output.ts';
import type { FixTarget } from '../fixer.ts';
import { lineAt, withoutNumbers } from '../text-edits.ts';

/** The rule as the linter names it: `no-debugger` of `eslint/no-debugger`. */
export function ruleIn(target: FixTarget): string {
  return target.rule.slice(target.source.length + 1);
}

/** The messages that a finding stands for: on its lines, or else, since lines move, with its words. */
export function messagesFor(target: FixTarget, messages: readonly LintMessage[]): LintMessage[] {
  const rule = ruleIn(target);
  const ofRule = messages.filter((message) => message.rule === rule);
  const lines = linesOf(target);
  const there = ofRule.filter(({ line }) => line !== undefined && lines.has(line));
  if (there.length > 0) return there;
  const words = withoutNumbers(target.message);
  return ofRule.filter(({ message }) => withoutNumbers(message) === words);
}

/** A finding that was seen several times in a file tells all lines in its evidence. */
function linesOf({ line, evidence }: FixTarget): ReadonlySet<number> {
  const more = evidence?.['lines'];
  const others = Array.isArray(more) ? more.filter((one): one is number => typeof one === 'number') : [];
  return new Set([...(line === undefined ? [] : [line]), ...others]);
}

export interface Pass {
  readonly text: string;
  readonly messages: readonly LintMessage[];
}

/** What a second pass says of a fix. */
export interface Judgement {
  /** The rule finds less than before, and not the same at the same place. */
  readonly isMended: boolean;
  /** The file can still be read, and has no more errors of other rules than it had, but for those that can be fixed in turn. */
  readonly isHarmless: boolean;
  readonly evidence: string;
}

/** Compares what the linter says before and after a fix of `wanted`, some messages of one rule. */
export function judge(wanted: readonly LintMessage[], before: Pass, after: Pass): Judgement {
  const rule = wanted[0]?.rule ?? '';
  const [former, left] = [before, after].map(({ messages }) => messages.filter((message) => message.rule === rule));
  const same = new Set(wanted.map((message) => placeText(before, message)));
  const isGone = (left ?? []).every((message) => !same.has(placeText(after, message)));
  const fatal = (pass: Pass): number => pass.messages.filter(({ isFatal }) => isFatal).length;
  const others = (pass: Pass): number =>
    pass.messages.filter(({ isError, fix, ...message }) => isError && fix === undefined && message.rule !== rule)
      .length;
  const counts = { former: former?.length ?? 0, left: left?.length ?? 0 };
  return {
    isMended: after.text !== before.text && counts.left < counts.former && isGone && fatal(after) <= fatal(before),
    isHarmless: others(after) <= others(before),
    evidence: `the rule finds ${counts.left} of ${counts.former} places on a second pass; errors that stay of other rules: ${others(before)} before, ${others(after)} after`,
  };
}

function placeText({ text }: Pass, { line, message }: LintMessage): string {
  return `${withoutNumbers(message)}\n${lineAt(text, line)}`;
}
