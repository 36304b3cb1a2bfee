import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../core/errors.ts';
import { withJoined } from '../../core/joined-signal.ts';
import { countAnswer, NO_ANSWERS } from '../decisions/probe-counter.ts';
import type { Probe } from '../manifest/probe-schema.ts';
import { runProbe } from './run-probe.ts';
import type { ProbeTarget } from './run-probe.ts';

export interface Verdict {
  readonly hasPassed: boolean;
  /** Why, in a few words. */
  readonly reason: string;
}

/**
 * Asks again and again until the signal is aborted, one question at a time, and tells each verdict once: enough answers in
 * a row that agree. `onVerdict` returns whether to go on.
 */
export async function watchProbe(
  probe: Probe,
  target: ProbeTarget,
  options: { readonly signal: AbortSignal; onVerdict(verdict: Verdict): boolean },
): Promise<void> {
  const { signal } = options;
  let counter = NO_ANSWERS;
  await pause(probe.initialDelaySeconds, signal);
  while (!signal.aborted) {
    const askedMs = performance.now();
    const failure = await ask(probe, target, signal);
    if (signal.aborted) return;
    const hasPassed = failure === undefined;
    const counted = countAnswer(counter, hasPassed, probe);
    counter = counted.counter;
    const reason = failure ?? (probe.type === 'function' ? 'it is well' : `the ${probe.type} probe passed`);
    if (counted.verdict !== undefined && !options.onVerdict({ hasPassed, reason })) return;
    await pause(probe.periodSeconds - (performance.now() - askedMs) / 1000, signal);
  }
}

/** What is wrong; undefined when it passed. */
export async function ask(probe: Probe, target: ProbeTarget, signal: AbortSignal): Promise<string | undefined> {
  const timeoutMs = probe.timeoutSeconds * 1000;
  return withJoined({ signals: [signal], timeoutMs }, async (joined) => {
    try {
      await runProbe(probe, target, joined);
      return undefined;
    } catch (error) {
      const isLate = joined.aborted && !signal.aborted;
      return isLate ? `no answer within ${probe.timeoutSeconds} s` : messageOf(error);
    }
  });
}

async function pause(seconds: number, signal: AbortSignal): Promise<void> {
  await delay(Math.max(0, seconds) * 1000, undefined, { signal }).catch(() => {});
}
