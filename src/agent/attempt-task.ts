import { AppError, messageOf } from '../core/errors.ts';
import { redactText } from '../core/redact.ts';
import type { Checkout } from '../checkouts/index.ts';
import type { ChatMessage } from '../core/llm/index.ts';
import type { FileEdit, Fix, FixTarget } from '../fixers/index.ts';
import type { AgentTask, Patcher } from './agent-schema.ts';
import type { AttemptEnd } from './attempt-store.ts';
import type { ModelFix, ModelLimits, PatchModel, VerifyFix } from './heal-ports.ts';
import type { HealSession } from './heal-session.ts';
import type { VerifyReport } from './verify/verify-report.ts';

export interface AttemptDeps {
  readonly session: HealSession;
  /** `agent/…`: where the fix is committed. */
  readonly branch: string;
  readonly verify: VerifyFix;
  /** Asked where no fixer mends it. */
  readonly model: PatchModel | undefined;
  /** Absolute path of the workspace. */
  readonly root: string;
  /** For the model. */
  readonly limits: ModelLimits;
  /** Best first, by what was learned. */
  readonly order: (codes: readonly string[], fixes: readonly Fix[]) => readonly Fix[];
  /** The message of the commit that holds the fix. */
  readonly messageOf: (task: AgentTask, made: MadeFix) => string;
  readonly author: { readonly name: string; readonly email: string };
  readonly seed: number;
  readonly signal: AbortSignal;
}

/** A fix before it is verified. */
export interface MadeFix {
  readonly patcher: Patcher;
  readonly fixer: string;
  readonly title: string;
  readonly edits: readonly FileEdit[];
  readonly evidence: readonly string[];
}

/** How an attempt ended, to be stored; `commit` where it was verified. */
export interface AttemptResult extends AttemptEnd {
  readonly evidence: readonly string[];
  readonly commit?: string | undefined;
  /** Where a model was asked: all that was said. */
  readonly transcript?: readonly ChatMessage[] | undefined;
}

/** Further ones are not tried: each costs a run of all gates. */
const MAX_CANDIDATES = 3;
const MAX_REASON = 1_500;

export function targetOf(task: AgentTask): FixTarget {
  const { source, rule, path, line, symbol, nodeId, message } = task;
  return { source, rule, path, line, symbol, nodeId, message };
}

/**
 * Tries to mend one task: by the fixers that know it, best first, then by the model. The first fix that is verified is
 * committed to its branch in the private repository; nothing else is kept of the others but why.
 */
export async function attemptTask(task: AgentTask, deps: AttemptDeps): Promise<AttemptResult> {
  const fixes = await deps.session.fixesFor(targetOf(task));
  const candidates = fixes.filter(({ grade }) => grade !== 'suggestion');
  let last: AttemptResult | undefined;
  for (const fix of deps.order([task.rule], candidates).slice(0, MAX_CANDIDATES)) {
    deps.signal.throwIfAborted();
    last = await tryFix(task, { fix, deps });
    if (last.outcome === 'verified') return last;
  }
  if (deps.model !== undefined) return askModel(task, deps.model, deps);
  return last ?? withoutFix(fixes);
}

async function tryFix(
  task: AgentTask,
  { fix, deps }: { readonly fix: Fix; readonly deps: AttemptDeps },
): Promise<AttemptResult> {
  const made: MadeFix = { patcher: 'fixer', ...fix };
  const checkout = await deps.session.attemptIn(deps.branch);
  try {
    return await judge(task, { made, checkout, deps, needsTests: fix.grade === 'tests' });
  } finally {
    await checkout.close();
  }
}

async function askModel(task: AgentTask, model: PatchModel, deps: AttemptDeps): Promise<AttemptResult> {
  const checkout = await deps.session.attemptIn(deps.branch);
  try {
    const fix = await model.patch(targetOf(task), checkout, deps);
    await checkout.reset();
    const { usd, tokens, steps, transcript } = fix;
    const asked = { provider: model.provider, usd, tokens, steps, transcript };
    if (fix.edits.length === 0) {
      const reason = `The model made no fix: ${fix.reason}`.slice(0, MAX_REASON);
      const fixer = `${model.provider}/${model.name}`;
      return { outcome: 'no_fix', patcher: 'model', fixer, reason, evidence: [], ...asked };
    }
    const made = madeBy(model, fix);
    // What was spent and said is kept even where the checks can't be run.
    const judged = await safely(made, deps.signal, () => judge(task, { made, checkout, deps, needsTests: false }));
    return { ...judged, ...asked };
  } finally {
    await checkout.close();
  }
}

function madeBy({ provider, name }: PatchModel, { edits, title, reason }: ModelFix): MadeFix {
  return { patcher: 'model', fixer: `${provider}/${name}`, title, edits, evidence: reason === '' ? [] : [reason] };
}

/** One attempt that goes wrong takes nothing from the others. */
export async function safely(
  { patcher, fixer }: Pick<AttemptResult, 'patcher' | 'fixer'>,
  signal: AbortSignal,
  work: () => Promise<AttemptResult>,
): Promise<AttemptResult> {
  try {
    return await work();
  } catch (error) {
    if (signal.aborted || !(error instanceof AppError) || error.code === 'not_ready') throw error;
    return { outcome: 'failed', patcher, fixer, reason: redactText(messageOf(error)), evidence: [] };
  }
}

interface Judgement {
  readonly made: MadeFix;
  readonly checkout: Checkout;
  readonly deps: Pick<AttemptDeps, 'verify' | 'messageOf' | 'author' | 'seed' | 'signal'>;
  /** Where the fix is not certain enough without tests that were run. */
  readonly needsTests: boolean;
}

/** Verifies a fix in its checkout and commits it there. */
export async function judge(task: AgentTask, { made, checkout, deps, needsTests }: Judgement): Promise<AttemptResult> {
  const { edits, fixer, patcher, title, evidence } = made;
  const { seed, signal, author } = deps;
  const report = await deps.verify({ checkout, target: targetOf(task), edits, fixer, seed, signal });
  const about = { patcher, fixer, title, evidence, report };
  if (report.verdict !== 'verified') {
    return { ...about, outcome: report.verdict, reason: reasonOf(report) };
  }
  const changes = await checkout.changes();
  const diff = {
    files: changes.files.map(({ path }) => path),
    addedLines: changes.addedLines,
    removedLines: changes.removedLines,
    patch: changes.patch,
  };
  if (needsTests && !report.gates.some(({ kind, verdict }) => kind === 'tests' && verdict === 'passed')) {
    const reason = 'It is a fix of the kind that needs tests, and none was run that reaches it.';
    return { ...about, ...diff, outcome: 'suggestion', reason };
  }
  if (changes.files.length === 0) throw new AppError('internal', `The verified fix ${fixer} changes nothing.`);
  const commit = await checkout.commit({ message: deps.messageOf(task, made), author });
  // What the checks said is in the report: here stands what speaks for this very edit.
  const reason = evidence.length === 0 ? undefined : evidence.join('; ').slice(0, MAX_REASON);
  return { ...about, ...diff, outcome: 'verified', reason, commit };
}

function reasonOf({ reasons }: VerifyReport): string {
  return reasons.join(' ').slice(0, MAX_REASON);
}

/** Nothing that may be applied: what could be suggested is said. */
function withoutFix(fixes: readonly Fix[]): AttemptResult {
  const [first] = fixes;
  if (first === undefined) {
    const reason = 'No fixer knows it at that commit, and no model is configured.';
    return { outcome: 'no_fix', patcher: 'fixer', reason, evidence: [] };
  }
  const { fixer, title, evidence } = first;
  const reason = `Suggested only: ${[title, ...evidence].join('; ')}`.slice(0, MAX_REASON);
  return { outcome: 'suggestion', patcher: 'fixer', fixer, title, reason, evidence, files: pathsOf(first) };
}

function pathsOf({ edits }: Fix): string[] {
  return edits.map(({ path }) => path);
}
