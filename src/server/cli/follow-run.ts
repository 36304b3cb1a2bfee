import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { AppError, ERROR_TABLE } from '../../core/errors.ts';
import { isTerminal, runSchema } from '../../runs/index.ts';
import type { Run } from '../../runs/index.ts';
import type { SurfaceBackend } from '../mcp/surface-backend.ts';
import { progressLine } from './cli-output.ts';
import type { CliSession } from './cli-session.ts';

const POLL_INTERVAL_MS = 250;

const answerSchema = z.object({ run: runSchema });

/** A database that died comes up again within seconds; who follows a run sits that out. */
const MAX_FAILURES = 120;

/** Shows the progress of a run until it ends; returns its last state. Throws `cancelled` when interrupted. */
export async function followRun(
  session: Pick<CliSession, 'output' | 'signal'>,
  backend: SurfaceBackend,
  runId: string,
): Promise<Run> {
  const { output, signal } = session;
  for (let failures = 0; ;) {
    try {
      const run = await getRun(backend, runId, signal);
      failures = 0;
      if (isTerminal(run.status)) {
        output.endProgress();
        return run;
      }
      output.progress(`${run.title}  ${progressLine(run.progress)}`);
    } catch (error) {
      signal.throwIfAborted();
      failures += 1;
      if (!isPassing(error) || failures > MAX_FAILURES) throw error;
    }
    await delay(POLL_INTERVAL_MS, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

async function getRun(backend: SurfaceBackend, runId: string, signal: AbortSignal): Promise<Run> {
  const answer = await backend.callTool('run_get', { runId }, { signal, progress: () => {}, log: () => {} });
  return answerSchema.parse(answer.structured).run;
}

function isPassing(error: unknown): boolean {
  return error instanceof AppError && ERROR_TABLE[error.code].retryable;
}
