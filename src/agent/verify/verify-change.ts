import { performance } from 'node:perf_hooks';
import { runAtBase, runWithChange, unseen } from './gate-rounds.ts';
import type { Deadline, SeenGate } from './gate-rounds.ts';
import { planGates } from './gates/gate-plan.ts';
import type { GateOutcome } from './gates/gate-run.ts';
import { installedBins } from './gates/installed-bins.ts';
import type { GateProgram, PlannedGate } from './gates/planned-gate.ts';
import { selectTests } from './gates/test-selection.ts';
import type { TestSelection } from './gates/test-selection.ts';
import type { GuardedFile } from './guard/guard-rules.ts';
import { guardPatch } from './guard/patch-guard.ts';
import { guardedFiles, writeEdits } from './patch-files.ts';
import { reportOf } from './report-of.ts';
import type { ChangeSights } from './report-of.ts';
import { measureStrength } from './strength/verify-strength.ts';
import type { VerifyReport } from './verify-report.ts';
import type { VerifyRequest } from './verify-plan.ts';

/**
 * Judges edits in a checkout. The guard first; then what the base commit says that judges the workspace is run at the base
 * and with the change, and the two compared. Afterwards the checkout holds its base commit with the edits and nothing
 * else; with a refused change, one that can't be parsed, and when this throws, its base commit alone. Throws the reason
 * of its signal, `cancelled` for a program that was ended by it, and what the checkout throws.
 */
export async function verifyChange(request: VerifyRequest): Promise<VerifyReport> {
  const { checkout, edits, plan, seed } = request;
  const started = performance.now();
  let isKept = false;
  try {
    await checkout.reset();
    const files = (await guardedFiles(checkout, edits)).filter(({ base, text }) => base !== text);
    const early = earlyVerdict(files, request);
    if (early !== undefined) {
      return { ...early, gates: [], selectedTests: [], durationMs: Math.round(performance.now() - started), seed };
    }
    const sights = await seeChange(request, files, { at: started + request.budget.totalMs });
    const report = reportOf(request, sights);
    const { strength: wished } = plan;
    const strength =
      report.verdict === 'verified' && wished !== undefined ? await strengthOf(request, files, sights) : undefined;
    await holdChange(request, files);
    isKept = true;
    const durationMs = Math.round(performance.now() - started);
    return { ...report, ...(strength !== undefined && { strength }), durationMs, seed };
  } finally {
    if (!isKept) await checkout.reset();
  }
}

/** Without running anything. */
function earlyVerdict(
  files: readonly GuardedFile[],
  { plan }: VerifyRequest,
): Pick<VerifyReport, 'verdict' | 'reasons'> | undefined {
  if (files.length === 0) return { verdict: 'failed', reasons: ['The edits change nothing.'] };
  const guarded = guardPatch(files, plan.guard);
  const reasons = guarded.reasons.map(({ message }) => message);
  const isOnlySyntax = guarded.reasons.every(({ rule }) => rule === 'syntax');
  return guarded.verdict === 'allowed' ? undefined : { verdict: isOnlySyntax ? 'failed' : 'refused', reasons };
}

async function seeChange(
  request: VerifyRequest,
  files: readonly GuardedFile[],
  deadline: Deadline,
): Promise<ChangeSights> {
  const { countTarget, signal } = request;
  const { planned, selection } = await planFor(request, files);
  const targetBefore = await countTarget?.(signal);
  const before = await runAllAtBase(request, planned, deadline);
  await holdChange(request, files);
  const gates: SeenGate[] = [];
  for (const gate of ready(planned)) {
    const hasFailed = gates.some(({ judgement }) => judgement.verdict === 'failed');
    const base = before.get(gate) ?? 'It was not run at the base.';
    request.onProgress?.(before.size + gates.length, before.size * 2, gate.command);
    if (hasFailed && request.plan.runsAll !== true)
      gates.push(unseen(gate, 'Another gate failed before.', outcomeOf(base)));
    else if (typeof base === 'string') gates.push(unseen(gate, base));
    else gates.push(await runWithChange(request, { gate, before: base }, deadline));
  }
  // Programs may have written into the checkout: the target is counted in the change alone.
  await holdChange(request, files);
  const targetAfter = await countTarget?.(signal);
  return { files, planned, gates, selection, targetBefore, targetAfter };
}

function outcomeOf(base: GateOutcome | string): GateOutcome | undefined {
  return typeof base === 'string' ? undefined : base;
}

function ready(planned: readonly PlannedGate[]): readonly GateProgram[] {
  return planned.filter((gate) => gate.state === 'ready');
}

async function runAllAtBase(
  request: VerifyRequest,
  planned: readonly PlannedGate[],
  deadline: Deadline,
): Promise<ReadonlyMap<GateProgram, GateOutcome | string>> {
  const outcomes = new Map<GateProgram, GateOutcome | string>();
  const gates = ready(planned);
  for (const gate of gates) {
    request.onProgress?.(outcomes.size, gates.length * 2, `${gate.command} at the base`);
    outcomes.set(gate, await runAtBase(request, gate, deadline));
  }
  return outcomes;
}

/** By the texts of the base commit, which the checkout holds at this time. */
async function planFor(
  { checkout, plan }: VerifyRequest,
  files: readonly GuardedFile[],
): Promise<{ readonly planned: readonly PlannedGate[]; readonly selection: TestSelection | undefined }> {
  const changed = files.map(({ path }) => path);
  const known = await checkout.listFiles();
  const { tests = 'selected', build = false, importersOf } = plan;
  const selection = tests === 'selected' ? await selectTests({ changed, files: known, importersOf }) : undefined;
  const lintable = files.filter(({ base, text }) => base !== undefined && text !== undefined).map(({ path }) => path);
  const place = { files: known, findText: (path: string) => checkout.findText(path), ...installedBins(checkout) };
  const chosen = tests === 'none' ? undefined : (selection?.tests ?? []);
  return { planned: await planGates(place, { changed, lintable, tests: chosen, build }), selection };
}

/** The base commit with the edits, whatever was written into the checkout meanwhile. */
async function holdChange({ checkout }: VerifyRequest, files: readonly GuardedFile[]): Promise<void> {
  await checkout.reset();
  await writeEdits(checkout, files);
}

function strengthOf(request: VerifyRequest, files: readonly GuardedFile[], { gates }: ChangeSights) {
  const { checkout, plan, budget, seed, signal, onProgress } = request;
  const sound = gates.flatMap(({ gate, after, rerun, judgement }) => {
    const outcome = rerun ?? after;
    const isSound = judgement.verdict === 'passed' || judgement.verdict === 'broken_before';
    return outcome === undefined || !isSound ? [] : [{ gate, outcome }];
  });
  return measureStrength({
    checkout,
    files: files.flatMap(({ path, base, text }) => (text === undefined ? [] : [{ path, base, text }])),
    gates: sound,
    seed,
    maxMutants: plan.strength?.maxMutants ?? 0,
    budgetMs: plan.strength?.budgetMs ?? 0,
    minTimeoutMs: plan.strength?.minTimeoutMs,
    maxMemoryMb: budget.maxMemoryMb,
    signal,
    onProgress,
  });
}
