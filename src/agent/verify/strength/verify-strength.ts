import { performance } from 'node:perf_hooks';
import type { Checkout } from '../../../checkouts/index.ts';
import { judgeGate } from '../gates/gate-comparison.ts';
import { runGate } from '../gates/gate-run.ts';
import type { GateOutcome } from '../gates/gate-run.ts';
import type { GateProgram } from '../gates/planned-gate.ts';
import type { VerifyStrength } from '../verify-report.ts';
import { mutantsOf } from './mutants.ts';
import type { ChangedSource, Mutant } from './mutants.ts';

/** A gate with what it said of the change as it is: what differs with a mutant is due to that. */
export interface SoundGate {
  readonly gate: GateProgram;
  readonly outcome: GateOutcome;
}

export interface StrengthRequest {
  /** Holds the change, and holds it again afterwards. */
  readonly checkout: Checkout;
  readonly files: readonly ChangedSource[];
  readonly gates: readonly SoundGate[];
  readonly seed: number;
  readonly maxMutants: number;
  readonly budgetMs: number;
  /** A mutant that never ends is noticed after four times as long as the gate took, but not before this. */
  readonly minTimeoutMs?: number | undefined;
  readonly maxMemoryMb?: number | undefined;
  readonly signal: AbortSignal;
  readonly onProgress?: ((done: number, total: number, message: string) => void) | undefined;
}

const MIN_TIMEOUT_MS = 10_000;
const MAX_SURVIVED = 10;

/**
 * How many small faults in the changed lines the gates notice: a change that is proven by tests which notice nothing is
 * not proven. Each is written, judged and taken back; the checkout is as before afterwards, whatever happens. What the
 * budget has no room for is not counted.
 */
export async function measureStrength(request: StrengthRequest): Promise<VerifyStrength> {
  const { files, seed, maxMutants, budgetMs, onProgress } = request;
  const started = performance.now();
  const gates = request.gates.filter(({ gate }) => gate.kind === 'tests' || gate.kind === 'types').toSorted(testsFirst);
  const mutants = gates.length === 0 ? [] : mutantsOf({ files, seed, max: maxMutants });
  const survived: string[] = [];
  const by = { tests: 0, types: 0 };
  let tried = 0;
  for (const mutant of mutants) {
    const left = budgetMs - (performance.now() - started);
    if (left < longest(gates, request)) break;
    onProgress?.(tried, mutants.length, mutant.what);
    const killer = await killerOf(mutant, gates, request);
    tried += 1;
    if (killer === undefined) survived.push(mutant.what);
    else by[killer] += 1;
  }
  return {
    mutants: tried,
    killed: by.tests + by.types,
    killedByTests: by.tests,
    survived: survived.slice(0, MAX_SURVIVED),
    seed,
    durationMs: Math.round(performance.now() - started),
    note: noteOf({ hasGates: gates.length > 0, drawn: mutants.length, tried }),
  };
}

function testsFirst(one: SoundGate, other: SoundGate): number {
  return Number(other.gate.kind === 'tests') - Number(one.gate.kind === 'tests');
}

function noteOf({ hasGates, drawn, tried }: { hasGates: boolean; drawn: number; tried: number }): string | undefined {
  if (!hasGates) return 'Neither tests nor types judge the change, so nothing could notice a fault.';
  if (drawn === 0) return 'Nothing that is executed was changed in a way that could be mutated, as with types alone.';
  return tried < drawn ? `The time was up after ${tried} of ${drawn} faults.` : undefined;
}

function timeoutOf({ outcome }: SoundGate, { minTimeoutMs = MIN_TIMEOUT_MS }: StrengthRequest): number {
  return Math.max(minTimeoutMs, outcome.durationMs * 4);
}

/** What a mutant that never ends may take: begun without that much time, its end would say nothing. */
function longest(gates: readonly SoundGate[], request: StrengthRequest): number {
  return Math.max(...gates.map((gate) => timeoutOf(gate, request)));
}

/** The kind of gate that notices it; undefined when it survives. */
async function killerOf(
  mutant: Mutant,
  gates: readonly SoundGate[],
  request: StrengthRequest,
): Promise<'tests' | 'types' | undefined> {
  const { checkout, files, signal, maxMemoryMb } = request;
  const original = files.find(({ path }) => path === mutant.path)?.text ?? '';
  try {
    await checkout.writeText(mutant.path, mutant.text);
    for (const sound of gates) {
      signal.throwIfAborted();
      const { gate, outcome } = sound;
      const seen = await runGate(checkout, gate, { timeoutMs: timeoutOf(sound, request), maxMemoryMb, signal });
      const isNoticed = judgeGate(gate, outcome, seen).verdict === 'failed';
      if (isNoticed) return gate.kind === 'tests' ? 'tests' : 'types';
    }
    return undefined;
  } finally {
    await checkout.writeText(mutant.path, original);
  }
}
