import { resolve } from 'node:path';
import { AppError } from '../../../core/errors.ts';
import { visibleText } from '../../../core/outside-text.ts';
import type { Confinement } from '../../../core/process/index.ts';
import { redactText } from '../../../core/redact.ts';
import type { Checkout, CheckoutResult } from '../../../checkouts/index.ts';
import { GATE_READERS } from './gate-readers.ts';
import type { GateReading } from './gate-reading.ts';
import { withoutPlace } from './place-paths.ts';
import type { GateProgram } from './planned-gate.ts';

/** How a gate ended, and what it said. */
export interface GateOutcome {
  readonly exitCode: number | undefined;
  readonly endedBy: CheckoutResult['endedBy'];
  readonly durationMs: number;
  /** The end of its output, without secrets and without the place of the checkout. */
  readonly tail: string;
  readonly reading: GateReading;
  readonly confinement: Confinement;
}

export interface GateLimits {
  readonly timeoutMs: number;
  readonly maxMemoryMb?: number | undefined;
  readonly signal: AbortSignal;
}

/** Reports of thousands of tests are megabytes. */
const MAX_OUTPUT_BYTES = 32 * 1024 * 1024;
const MAX_TAIL = 2_000;

/** Runs it in the checkout as that is now. Throws as the checkout does where it can't be started or was cancelled. */
export async function runGate(checkout: Checkout, gate: GateProgram, limits: GateLimits): Promise<GateOutcome> {
  const { file, args, cwd, env, leaves } = gate;
  if (leaves !== undefined) await discard(checkout, leaves);
  const result = await checkout.run({ file, args, cwd, env, maxOutputBytes: MAX_OUTPUT_BYTES, ...limits });
  if (leaves !== undefined) await discard(checkout, leaves);
  const { root } = checkout;
  const reading = GATE_READERS[gate.reader](result, { root, cwd: resolve(root, cwd ?? '.') });
  const { exitCode, endedBy, confinement } = result;
  return {
    exitCode,
    endedBy,
    confinement,
    durationMs: Math.round(result.durationMs),
    tail: tailOf(result, root),
    reading,
  };
}

/** A file that a program remembers things in must not speak for another state. */
async function discard(checkout: Checkout, path: string): Promise<void> {
  try {
    await checkout.deleteFile(path);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'not_found') throw error;
  }
}

function tailOf({ stdout, stderr }: CheckoutResult, root: string): string {
  // The list of files that the compiler read is for the reader alone.
  const said = stdout.replaceAll(/^(?:\/|[A-Za-z]:[\\/])[^\n()]*\.[cm]?[jt]sx?\r?\n/gm, '');
  const text = [said, stderr]
    .map((part) => part.trim().slice(-MAX_TAIL * 4))
    .filter((part) => part !== '')
    .join('\n');
  const clean = redactText(visibleText(withoutPlace(root, text)));
  return clean.length <= MAX_TAIL ? clean : `…${clean.slice(-MAX_TAIL)}`;
}

/** What was in force around every program. */
export function commonConfinement(all: readonly Confinement[]): Confinement | undefined {
  const [first] = all;
  if (first === undefined) return undefined;
  return {
    network: all.every(({ network }) => network),
    mounts: all.every(({ mounts }) => mounts),
    pids: all.every(({ pids }) => pids),
    memory: all.every(({ memory }) => memory),
  };
}

/** What gates said at base commits, for a caller that tries several changes on one; the oldest are forgotten. */
export class BaseRuns {
  readonly #outcomes = new Map<string, GateOutcome>();
  readonly #most: number;

  constructor(most = 200) {
    this.#most = most;
  }

  find(commit: string, gate: GateProgram): GateOutcome | undefined {
    return this.#outcomes.get(keyOf(commit, gate));
  }

  keep(commit: string, gate: GateProgram, outcome: GateOutcome): void {
    this.#outcomes.set(keyOf(commit, gate), outcome);
    for (const key of this.#outcomes.keys()) {
      if (this.#outcomes.size <= this.#most) break;
      this.#outcomes.delete(key);
    }
  }
}

function keyOf(commit: string, { kind, command, cwd, env, file, args }: GateProgram): string {
  // Paths of installed programs lie in the checkout, another each time: the command stands for them.
  const own = file === 'sh' ? '' : args.filter((arg) => !arg.startsWith('/')).join('\0');
  return JSON.stringify([
    commit,
    kind,
    command,
    cwd ?? '',
    own,
    Object.entries(env).filter(([name]) => name !== 'PATH'),
  ]);
}
