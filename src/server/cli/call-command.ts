import type { Command } from 'commander';
import { AppError, messageOf } from '../../core/errors.ts';
import { plainCall } from '../mcp/surface-backend.ts';
import { addCommonOptions, addPolicyOptions, openSession } from './cli-session.ts';
import type { CliDeps } from './cli-session.ts';
import { IN_PROCESS, withBackend } from './with-backend.ts';

export function callCommand(program: Command, deps: CliDeps): void {
  const names = deps.catalog.toolsets.flatMap(({ tools }) => tools.map((tool) => tool.name));
  const command = program
    .command('call <tool> [input]')
    .description('run any tool by name with a JSON object as its input')
    .addHelpText('after', `\nTools: ${names.join(', ')}\nExample: lightdom call graph_search '{"query":"parse"}'`);
  addPolicyOptions(addCommonOptions(command)).action(async (tool: string, input: string | undefined) => {
    const session = openSession(deps, command, IN_PROCESS);
    const parsed = parseInput(input ?? '{}');
    const { dispatchUnder } = await import('../dispatch/policed-call.ts');
    const dispatched = dispatchUnder({ catalog: deps.catalog, settings: session.loaded.config.mcp }, tool, parsed);
    const answer = await withBackend(session, (backend) =>
      dispatched.run(backend, {
        ...plainCall(session.signal),
        progress: (done, total, message) => session.output.progress(`${message} ${done}/${total}`),
        log: (_level, message) => session.output.note(message),
      }),
    );
    session.output.result(answer.structured, answer.text);
  });
}

function parseInput(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AppError('invalid_input', `The input ${text} is not JSON: ${messageOf(error)}.`, {
      hint: `Quote it for the shell: '{"query":"parse"}'.`,
    });
  }
}
