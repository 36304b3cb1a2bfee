import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { isTerminal, runSchema } from '../../runs/index.ts';
import type { Run } from '../../runs/index.ts';
import type { SurfaceBackend } from '../mcp/surface-backend.ts';
import { progressLine } from './cli-output.ts';
import type { CliSession } from './cli-session.ts';

const POLL_INTERVAL_MS = 250;

const answerSchema = z.object({ run: runSchema });

/** Shows the progress of a run until it ends; returns its last state. Throws `cancelled` when interrupted. */
export async function followRun(session: CliSession, backend: SurfaceBackend, runId: string): Promise<Run> {
  const call = { signal: session.signal, progress: () => {}, log: () => {} };
  for (;;) {
    const answer = await backend.callTool('run_get', { runId }, call);
    const { run } = answerSchema.parse(answer.structured);
    if (isTerminal(run.status)) {
      session.output.endProgress();
      return run;
    }
    session.output.progress(`${run.title}  ${progressLine(run.progress)}`);
    await delay(POLL_INTERVAL_MS, undefined, { signal: session.signal }).catch(() => session.signal.throwIfAborted());
  }
}
