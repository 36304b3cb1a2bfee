import type { Command } from 'commander';
import { describeConfig } from '../../core/config/index.ts';
import { addCommonOptions, openSession } from './cli-session.ts';
import type { CliDeps } from './cli-session.ts';

export function configCommand(program: Command, deps: CliDeps): void {
  const config = program.command('config').description('the configuration in force');
  const show = config
    .command('show', { isDefault: true })
    .description('every key with its value; secrets are masked')
    .option('--origin', 'say where each value comes from');
  addCommonOptions(show).action((options: { origin?: boolean }) => {
    const session = openSession(deps, show);
    const rows = describeConfig(session.loaded);
    const lines = rows.map(({ key, value, origin }) => {
      const line = `${key} = ${JSON.stringify(value) ?? '(not set)'}`;
      return options.origin === true ? `${line}  # ${origin}` : line;
    });
    session.output.result(rows, lines.join('\n'));
  });
}
