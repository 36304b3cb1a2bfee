import type { Command } from 'commander';
import { callAndPrint, numberOption, pick } from './call-and-print.ts';
import { addCommonOptions } from './cli-session.ts';
import type { CliDeps } from './cli-session.ts';

const CONTROLS = [
  { action: 'pause', about: 'stop executing a run; what it has done stays done' },
  { action: 'resume', about: 'go on with a run that is paused' },
  { action: 'cancel', about: 'end a run for good, with its parts' },
  { action: 'retry', about: 'go on with a failed run from the step that failed' },
  { action: 'approve', about: 'say yes to the question of a run that waits for approval' },
  { action: 'reject', about: 'say no to the question of a run that waits for approval' },
] as const;

/** `runs pause`, `resume`, …: one command an action of `run_control`. */
export function addRunControls(runs: Command, deps: CliDeps): void {
  for (const { action, about } of CONTROLS) {
    const control = runs
      .command(`${action} <runId>`)
      .description(about)
      .option('--reason <text>', 'why; kept with the run');
    addCommonOptions(control).action((runId: string, options: object) =>
      callAndPrint(control, deps, {
        tool: 'run_control',
        input: { runId, action, ...pick({ ...options }, ['reason']) },
      }),
    );
  }
  const prioritize = runs
    .command('prioritize <runId>')
    .description('move a run that waits for a worker, or is paused')
    .requiredOption('--priority <n>', '1 to 10; 10 goes first', numberOption)
    .option('--reason <text>', 'why; kept with the run');
  addCommonOptions(prioritize).action((runId: string, options: object) => {
    const input = { runId, action: 'prioritize', ...pick({ ...options }, ['reason', 'priority']) };
    return callAndPrint(prioritize, deps, { tool: 'run_control', input });
  });
}
