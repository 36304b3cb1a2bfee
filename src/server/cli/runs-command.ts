import type { Command } from 'commander';
import type { CliDeps } from './cli-session.ts';
import { addRunControls } from './run-control-commands.ts';
import { addRunQueries } from './run-query-commands.ts';
import { addRunUpkeep } from './run-upkeep-commands.ts';
import { addRunWatch } from './run-watch-command.ts';

export function runsCommand(program: Command, deps: CliDeps): void {
  const runs = program
    .command('runs')
    .description('long work: list it, look at it, watch it, steer it')
    .addHelpText(
      'after',
      '\nWith a master running, its runs; else those of the data folder, by a master that lives for the command.',
    );
  for (const add of [addRunQueries, addRunWatch, addRunControls, addRunUpkeep]) add(runs, deps);
}
