import type { Command } from 'commander';
import { z } from 'zod';
import { renderRun, runSchema } from '../../runs/index.ts';
import { callAndPrint, callQuietly, numberOption, pick } from './call-and-print.ts';
import { addCommonOptions, openSession } from './cli-session.ts';
import type { CliDeps } from './cli-session.ts';
import { assertCompleted, followRun } from './follow-run.ts';
import { hasRunningMaster, IN_PROCESS, withBackend } from './with-backend.ts';

/** `runs prune` and `runs drill`. */
export function addRunUpkeep(runs: Command, deps: CliDeps): void {
  const prune = runs
    .command('prune')
    .description('delete runs that ended long ago, with their logs and what they stored')
    .option('--older-than <days>', 'days since their end (default: runs.retentionDays)', numberOption)
    .option('--dry-run', 'only count them');
  addCommonOptions(prune).action((options: { olderThan?: number; dryRun?: boolean }) => {
    const { olderThan, dryRun = false } = options;
    const input = { dryRun, ...pick({ olderThanDays: olderThan }, ['olderThanDays']) };
    return callAndPrint(prune, deps, { tool: 'run_prune', input });
  });
  const drill = runs
    .command('drill')
    .description('let all workers together store many rows exactly once, and count them')
    .option('--operations <n>', 'rows to store', numberOption, 1_000_000)
    .option('--chunks <n>', 'parts that are shared out to the workers', numberOption)
    .option('--seed <n>', 'the same seed gives the same rows', numberOption)
    .option('--keep', 'leave the rows until the run is deleted')
    .option('--wait', 'follow the run to its end (always so when no master runs)');
  addCommonOptions(drill).action((options: { wait?: boolean }) => startDrill(drill, deps, options));
}

async function startDrill(command: Command, deps: CliDeps, options: { wait?: boolean }): Promise<void> {
  const session = openSession(deps, command, IN_PROCESS);
  const mustWait = options.wait === true || !hasRunningMaster(session);
  const input = pick({ ...options }, ['operations', 'chunks', 'seed', 'keep']);
  const run = await withBackend(session, async (backend) => {
    const answer = await callQuietly(session, backend, { tool: 'run_drill', input });
    const started = z.object({ run: runSchema }).parse(answer.structured).run;
    return mustWait ? followRun(session, backend, started.runId) : started;
  });
  session.output.result(run, renderRun(run));
  assertCompleted(run);
}
