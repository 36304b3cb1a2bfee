import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { AppError, ERROR_TABLE } from '../../core/errors.ts';
import { isTerminal, runSchema } from '../../runs/index.ts';
import type { Run, RunProgress } from '../../runs/index.ts';
import { plainCall } from '../mcp/surface-backend.ts';
import type { SurfaceBackend } from '../mcp/surface-backend.ts';
import { progressLine } from './cli-output.ts';
import type { CliSession } from './cli-session.ts';
import { durationText, ratePerSecond, rateText, secondsLeft, withSample } from './progress-rate.ts';
import type { ProgressSample } from './progress-rate.ts';
import { newsOf } from './run-news.ts';

const POLL_INTERVAL_MS = 250;

const answerSchema = z.object({ run: runSchema });

/** A database that died comes up again within seconds; who follows a run sits that out. */
const MAX_FAILURES = 120;

/**
 * Shows the progress of a run and what happens to it until it ends; returns its last state. Throws `cancelled` when
 * interrupted.
 */
export async function followRun(
  session: Pick<CliSession, 'output' | 'signal'>,
  backend: SurfaceBackend,
  runId: string,
): Promise<Run> {
  const { output, signal } = session;
  let before: Run | undefined;
  let samples: readonly ProgressSample[] = [];
  for (let failures = 0; ;) {
    try {
      const run = await getRun(backend, runId, signal);
      failures = 0;
      for (const line of newsOf(before, run)) output.note(line);
      before = run;
      if (isTerminal(run.status)) {
        output.endProgress();
        return run;
      }
      // What a run has done before it was interrupted is no measure for what comes.
      samples =
        run.status === 'running' ? withSample(samples, { atMs: performance.now(), done: run.progress.done }) : [];
      output.progress(progressLine(run.progress, paceOf(samples, run.progress)));
    } catch (error) {
      signal.throwIfAborted();
      failures += 1;
      if (!isPassing(error) || failures > MAX_FAILURES) throw error;
    }
    await delay(POLL_INTERVAL_MS, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

/** Throws what the end of a run means for the exit code: `upstream_failed` when it failed, `cancelled` when it was. */
export function assertCompleted(run: Run): void {
  if (run.status === 'failed') {
    const { message, hint } = run.error ?? { message: `${run.title} failed.` };
    throw new AppError('upstream_failed', message, hint === undefined ? {} : { hint });
  }
  if (run.status === 'cancelled') throw new AppError('cancelled', `${run.title} was cancelled.`);
}

async function getRun(backend: SurfaceBackend, runId: string, signal: AbortSignal): Promise<Run> {
  const answer = await backend.callTool('run_get', { runId }, plainCall(signal));
  return answerSchema.parse(answer.structured).run;
}

/** `12.3k/s, 45 s left` */
function paceOf(samples: readonly ProgressSample[], { total }: RunProgress): string {
  const rate = ratePerSecond(samples);
  if (rate === undefined) return '';
  const left = secondsLeft(samples, total);
  return `${rateText(rate)}${left === undefined ? '' : `, ${durationText(left)} left`}`;
}

function isPassing(error: unknown): boolean {
  return error instanceof AppError && ERROR_TABLE[error.code].retryable;
}
