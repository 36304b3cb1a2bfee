import type { Diagnostic } from './gate-reading.ts';
import type { GateOutcome } from './gate-run.ts';
import type { GateProgram } from './planned-gate.ts';

export interface GateJudgement {
  readonly verdict: 'passed' | 'failed' | 'broken_before' | 'not_run';
  readonly reason: string | undefined;
  /** What the change brings, and what it ends. */
  readonly added: readonly Diagnostic[];
  readonly removed: readonly Diagnostic[];
}

/**
 * What a gate says of a change. A new diagnostic anywhere fails it, and so does a test that passed before and is not there
 * any more; a gate that was red before must not get worse, and one that doesn't say what is wrong can't be judged then.
 */
export function judgeGate(gate: GateProgram, before: GateOutcome, after: GateOutcome): GateJudgement {
  const one = countedOf(gate, before);
  const other = countedOf(gate, after);
  const added = beyond(one, other);
  const removed = beyond(other, one);
  const judged = judgeEnding(before, after) ?? judgeCodes(before, after) ?? judgeWords(gate, { before, after, added });
  return { ...judged, added, removed };
}

type Judged = Pick<GateJudgement, 'verdict' | 'reason'>;

/** One that was ended by a limit said less than it had to say. */
function judgeEnding(before: GateOutcome, after: GateOutcome): Judged | undefined {
  if (after.endedBy === 'exit' && before.endedBy === 'exit') return undefined;
  if (after.endedBy !== 'exit' && before.endedBy !== 'exit') {
    return { verdict: 'not_run', reason: `It comes to no end: ended by ${before.endedBy} already at the base.` };
  }
  if (after.endedBy !== 'exit') {
    return { verdict: 'failed', reason: `With the change it comes to no end: ended by ${after.endedBy}.` };
  }
  if (after.exitCode === 0) return { verdict: 'passed', reason: undefined };
  return {
    verdict: 'not_run',
    reason: `At the base it was ended by ${before.endedBy}: there is nothing to compare with.`,
  };
}

/** Where it names nothing one by one. */
function judgeCodes(before: GateOutcome, after: GateOutcome): Judged | undefined {
  if (before.reading.diagnostics !== undefined && after.reading.diagnostics !== undefined) return undefined;
  if (after.exitCode === 0) return { verdict: 'passed', reason: undefined };
  if (before.exitCode === 0) {
    return { verdict: 'failed', reason: `With the change it ends with exit code ${after.exitCode}.` };
  }
  return { verdict: 'not_run', reason: 'It fails at the base already, and does not say one by one what is wrong.' };
}

function judgeWords(
  gate: GateProgram,
  seen: { readonly before: GateOutcome; readonly after: GateOutcome; readonly added: readonly Diagnostic[] },
): Judged {
  const { before, after, added } = seen;
  const gone = goneTests(before, after);
  if (before.reading.partial !== undefined && after.exitCode !== 0) {
    return { verdict: 'not_run', reason: `At the base: ${before.reading.partial}` };
  }
  if (added.length > 0)
    return { verdict: 'failed', reason: `${counted(added.length, 'new diagnostic')} with the change.` };
  if (gone.length > 0) {
    const [first = ''] = gone;
    return { verdict: 'failed', reason: `${counted(gone.length, 'test')} that passed before did not run: ${first}` };
  }
  if (after.reading.partial !== undefined) return { verdict: 'not_run', reason: after.reading.partial };
  if (gate.kind === 'tests' && after.reading.passed.length === 0 && after.reading.diagnostics?.length === 0) {
    return { verdict: 'not_run', reason: 'No test was run.' };
  }
  if (after.exitCode === 0) return { verdict: 'passed', reason: undefined };
  if (before.exitCode !== 0) return { verdict: 'broken_before', reason: 'It fails as it did at the base.' };
  return { verdict: 'failed', reason: `With the change it ends with exit code ${after.exitCode}.` };
}

function countedOf(gate: GateProgram, { reading }: GateOutcome): readonly Diagnostic[] {
  return (reading.diagnostics ?? []).filter(({ isError }) => isError || gate.countsWarnings === true);
}

/** Those of `after` that have no equal of their own in `before`. */
function beyond(before: readonly Diagnostic[], after: readonly Diagnostic[]): Diagnostic[] {
  const left = new Map<string, number>();
  for (const { key } of before) left.set(key, (left.get(key) ?? 0) + 1);
  return after.filter(({ key }) => {
    const count = left.get(key) ?? 0;
    left.set(key, count - 1);
    return count <= 0;
  });
}

/** Passed before; neither passed nor failed now. */
function goneTests(before: GateOutcome, after: GateOutcome): string[] {
  const now = new Set([...after.reading.passed, ...(after.reading.diagnostics ?? []).map(({ key }) => key)]);
  return before.reading.passed.filter((key) => !now.has(key));
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
