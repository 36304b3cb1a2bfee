import type { Command } from 'commander';
import { AppError } from '../../core/errors.ts';
import { renderRun } from '../../runs/index.ts';
import type { Run } from '../../runs/index.ts';
import type { SurfaceBackend } from '../mcp/surface-backend.ts';
import { addCommonOptions, openSession } from './cli-session.ts';
import type { CliDeps, CliSession } from './cli-session.ts';
import { assertCompleted, followRun } from './follow-run.ts';
import { hasRunningMaster, IN_PROCESS, withBackend } from './with-backend.ts';

export function addRunWatch(runs: Command, deps: CliDeps): void {
  const watch = runs
    .command('watch <runId>')
    .description('follow one run to its end; Ctrl-C stops watching, not the run')
    .addHelpText('after', '\nExit code: 0 completed, 1 failed, 130 cancelled or interrupted.');
  addCommonOptions(watch).action(async (runId: string) => {
    const session = openSession(deps, watch, IN_PROCESS);
    const isElsewhere = hasRunningMaster(session);
    const run = await withBackend(session, (backend) => watchRun(session, backend, { runId, isElsewhere }));
    session.output.result(run, renderRun(run));
    assertCompleted(run);
  });
}

async function watchRun(
  session: CliSession,
  backend: SurfaceBackend,
  { runId, isElsewhere }: { readonly runId: string; readonly isElsewhere: boolean },
): Promise<Run> {
  try {
    return await followRun(session, backend, runId);
  } catch (error) {
    if (!session.signal.aborted) throw error;
    session.output.endProgress();
    const hint = isElsewhere ? 'It goes on.' : 'It goes on when a master or a worker runs: lightdom start.';
    throw new AppError('cancelled', `Run \`${runId}\` is not watched any more.`, { hint, cause: error });
  }
}
