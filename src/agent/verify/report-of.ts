import type { SeenGate } from './gate-rounds.ts';
import { commonConfinement } from './gates/gate-run.ts';
import type { GateOutcome } from './gates/gate-run.ts';
import { brief } from './gates/gate-reading.ts';
import type { GateProgram, PlannedGate } from './gates/planned-gate.ts';
import type { TestSelection } from './gates/test-selection.ts';
import type { GuardedFile } from './guard/guard-rules.ts';
import { isSourcePath } from './guard/source-syntax.ts';
import type { Gate, GateRun, VerifyReport } from './verify-report.ts';
import type { VerifyRequest } from './verify-plan.ts';

/** Everything that was seen of a change. */
export interface ChangeSights {
  readonly files: readonly GuardedFile[];
  readonly planned: readonly PlannedGate[];
  readonly gates: readonly SeenGate[];
  readonly selection: TestSelection | undefined;
  readonly targetBefore: number | undefined;
  readonly targetAfter: number | undefined;
}

const MAX_LISTED = 20;

/**
 * The verdict: failed where any gate failed or the target is still there; unproven where nothing that could have noticed a
 * fault looked at the change. A linter alone proves nothing: it does not know what code does.
 */
export function reportOf(request: VerifyRequest, sights: ChangeSights): Omit<VerifyReport, 'durationMs' | 'seed'> {
  const { gates, selection } = sights;
  const target = targetOf(request, sights);
  const confinement = commonConfinement(
    gates.flatMap(({ before, after, rerun }) => [before, after, rerun].flatMap((one) => one?.confinement ?? [])),
  );
  const { verdict, reasons } = verdictOf(sights, target);
  return {
    verdict,
    reasons: [...reasons, ...flakyReasons(gates)],
    ...(target !== undefined && { target }),
    gates: sights.planned.map((planned) =>
      gateOf(
        planned,
        gates.find(({ gate }) => gate === planned),
      ),
    ),
    ...(selection !== undefined && { selection: selection.how }),
    selectedTests: [...(selection?.tests ?? [])],
    ...(confinement !== undefined && { confinement }),
  };
}

type Target = { before: number; after: number } | undefined;

function verdictOf(sights: ChangeSights, target: Target): Pick<VerifyReport, 'verdict' | 'reasons'> {
  const failed = sights.gates.filter(({ judgement }) => judgement.verdict === 'failed');
  const reasons = failed.map(({ gate, judgement }) => `${gate.command}: ${judgement.reason ?? 'failed.'}`);
  if (target !== undefined && target.before > 0 && target.after >= target.before) {
    reasons.unshift(`What was to be mended is still there: ${target.before} before, ${target.after} with the change.`);
  }
  if (reasons.length > 0) return { verdict: 'failed', reasons };
  if (target?.before === 0) {
    return {
      verdict: 'unproven',
      reasons: ['What was to be mended is not there at the base: nothing shows that it was.'],
    };
  }
  const unseen = sights.gates.filter(({ gate, after }) => gate.kind !== 'lint' && after === undefined);
  if (unseen.length > 0) {
    return {
      verdict: 'unproven',
      reasons: unseen.map(({ gate, judgement }) => `${gate.command}: ${judgement.reason ?? 'not run.'}`),
    };
  }
  const proofs = sights.gates.filter((seen) => isProof(seen, sights));
  if (proofs.length === 0) return { verdict: 'unproven', reasons: unprovenReasons(sights) };
  return {
    verdict: 'verified',
    reasons: proofs.map(({ gate }) => `${gate.command} looked at the change and found nothing new.`),
  };
}

function unprovenReasons({ planned, gates }: ChangeSights): string[] {
  const absent = planned.flatMap((gate) => (gate.state === 'absent' ? [`${gate.command}: ${gate.reason}`] : []));
  const unseen = gates.flatMap(({ gate, judgement }) =>
    judgement.verdict === 'not_run' ? [`${gate.command}: ${judgement.reason ?? 'not run.'}`] : [],
  );
  return ['Neither types nor tests could judge the change.', ...absent, ...unseen];
}

/** Whether it could have noticed a fault of the change: it passed, and it looked there. */
function isProof({ gate, before, after, rerun, judgement }: SeenGate, sights: ChangeSights): boolean {
  const outcome = rerun ?? after;
  if (outcome === undefined || judgement.verdict === 'failed' || judgement.verdict === 'not_run') return false;
  switch (gate.kind) {
    case 'lint':
      return false;
    case 'build':
      return outcome.exitCode === 0;
    case 'tests':
      if (sights.selection?.reaches === 'no') return false;
      return outcome.reading.diagnostics === undefined ? outcome.exitCode === 0 : outcome.reading.passed.length > 0;
    case 'types': {
      const covered = new Set([...(before?.reading.covered ?? []), ...outcome.reading.covered]);
      return sights.files.some(
        ({ path, base, text }) => covered.has(path) && isChecked(path, text ?? base ?? '', gate),
      );
    }
  }
}

/** The compiler reads scripts, and checks them only where it is told to. */
function isChecked(path: string, text: string, { checksScripts = false }: GateProgram): boolean {
  if (!isSourcePath(path)) return false;
  return /\.[cm]?tsx?$/i.test(path) || checksScripts || /^\s*(?:\/\/|\/\*\*?)\s*@ts-check\b/m.test(text);
}

function flakyReasons(gates: readonly SeenGate[]): string[] {
  return gates
    .flatMap(({ flaky }) => flaky)
    .slice(0, MAX_LISTED)
    .map((name) => `A test failed once and passed when run again: ${name}`);
}

/** By the caller's count, or else by what gates named of the same rule in the same file. */
function targetOf({ target }: VerifyRequest, { gates, targetBefore, targetAfter }: ChangeSights): Target {
  if (targetBefore !== undefined && targetAfter !== undefined) return { before: targetBefore, after: targetAfter };
  const count = (outcome: GateOutcome): number =>
    (outcome.reading.diagnostics ?? []).filter(({ rule, path }) => rule === target.rule && path === target.path).length;
  const counts = gates.flatMap(({ before, after, rerun }) => {
    const last = rerun ?? after;
    return before === undefined || last === undefined ? [] : [{ before: count(before), after: count(last) }];
  });
  const before = counts.reduce((most, one) => Math.max(most, one.before), 0);
  if (before === 0) return undefined;
  return { before, after: counts.reduce((most, one) => Math.max(most, one.after), 0) };
}

function gateOf(planned: PlannedGate, seen: SeenGate | undefined): Gate {
  const { kind } = planned;
  const command = brief(planned.command, 500);
  if (planned.state === 'absent' || seen === undefined) {
    const reason = planned.state === 'absent' ? planned.reason : 'It was not run.';
    return { kind, command, verdict: 'not_run', reason, flaky: [], added: [], removed: [] };
  }
  const { before, after, rerun, judgement, flaky } = seen;
  const { verdict, reason } = judgement;
  return {
    kind,
    command,
    verdict,
    ...(reason !== undefined && { reason }),
    ...(before !== undefined && { before: runOf(before) }),
    ...(after !== undefined && { after: runOf(after) }),
    ...(rerun !== undefined && { rerun: runOf(rerun) }),
    flaky: flaky.slice(0, MAX_LISTED),
    added: judgement.added.slice(0, MAX_LISTED).map(({ text }) => text),
    removed: judgement.removed.slice(0, MAX_LISTED).map(({ text }) => text),
  };
}

function runOf({ exitCode, endedBy, durationMs, tail, reading }: GateOutcome): GateRun {
  const diagnostics = reading.diagnostics?.filter(({ isError }) => isError).length;
  return {
    ...(exitCode !== undefined && { exitCode }),
    endedBy,
    durationMs,
    ...(diagnostics !== undefined && { diagnostics }),
    tail,
  };
}
