import { performance } from 'node:perf_hooks';
import { AppError, describeError } from '../../core/errors.ts';
import { judgeGate } from './gates/gate-comparison.ts';
import type { GateJudgement } from './gates/gate-comparison.ts';
import { runGate } from './gates/gate-run.ts';
import type { GateOutcome } from './gates/gate-run.ts';
import type { GateProgram } from './gates/planned-gate.ts';
import type { VerifyRequest } from './verify-plan.ts';

/** A gate with what it said both times. */
export interface SeenGate {
  readonly gate: GateProgram;
  readonly before: GateOutcome | undefined;
  readonly after: GateOutcome | undefined;
  readonly rerun: GateOutcome | undefined;
  readonly judgement: GateJudgement;
  readonly flaky: readonly string[];
}

export interface Deadline {
  readonly at: number;
}

/** At the base: from memory, where it was run there before. */
export async function runAtBase(
  request: VerifyRequest,
  gate: GateProgram,
  deadline: Deadline,
): Promise<GateOutcome | string> {
  const { checkout, baseRuns } = request;
  const known = baseRuns.find(checkout.baseCommit, gate);
  if (known !== undefined) return known;
  const outcome = await runWithin(request, gate, deadline);
  // One that had less time than others was given says nothing for them.
  if (typeof outcome !== 'string' && outcome.endedBy === 'exit') baseRuns.keep(checkout.baseCommit, gate, outcome);
  return outcome;
}

/** With the change; tests that fail are run once more, since some fail by chance. */
export async function runWithChange(
  request: VerifyRequest,
  { gate, before }: { readonly gate: GateProgram; readonly before: GateOutcome },
  deadline: Deadline,
): Promise<SeenGate> {
  const after = await runWithin(request, gate, deadline);
  if (typeof after === 'string') return unseen(gate, after, before);
  const judgement = judgeGate(gate, before, after);
  const first = { gate, before, after, rerun: undefined, judgement, flaky: [] };
  const mayBeChance = gate.kind === 'tests' && judgement.verdict === 'failed' && after.endedBy === 'exit';
  const rerun = mayBeChance ? await runWithin(request, gate, deadline) : undefined;
  return rerun === undefined || typeof rerun === 'string' ? first : { ...first, ...rejudged(first, rerun), rerun };
}

/** What failed both times fails; what failed once is named. */
function rejudged(
  { gate, before, judgement }: Pick<SeenGate, 'gate' | 'judgement'> & { readonly before: GateOutcome },
  rerun: GateOutcome,
): Pick<SeenGate, 'judgement' | 'flaky'> {
  const again = judgeGate(gate, before, rerun);
  const still = new Set(again.added.map(({ key }) => key));
  const flaky = judgement.added.filter(({ key }) => !still.has(key)).map(({ text }) => text);
  if (again.verdict !== 'failed') {
    const reason =
      flaky.length === 0
        ? 'It failed once and passed when run again.'
        : 'Some tests failed once and passed when run again.';
    return { judgement: { ...again, reason }, flaky };
  }
  return { judgement: again, flaky };
}

export function unseen(gate: GateProgram, reason: string, before?: GateOutcome): SeenGate {
  const judgement: GateJudgement = { verdict: 'not_run', reason, added: [], removed: [] };
  return { gate, before, after: undefined, rerun: undefined, judgement, flaky: [] };
}

/** How it went, or why it could not be run. */
async function runWithin(request: VerifyRequest, gate: GateProgram, deadline: Deadline): Promise<GateOutcome | string> {
  const { checkout, budget, signal } = request;
  signal.throwIfAborted();
  const left = Math.floor(deadline.at - performance.now());
  if (left <= 0) return 'The time for verification was up.';
  const timeoutMs = Math.min(budget.gateMs, left);
  try {
    const outcome = await runGate(checkout, gate, { timeoutMs, maxMemoryMb: budget.maxMemoryMb, signal });
    const isCut = outcome.endedBy === 'timeout' && timeoutMs < budget.gateMs;
    return isCut ? 'The time for verification was up.' : outcome;
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'not_configured') throw error;
    return describeError(error);
  }
}
