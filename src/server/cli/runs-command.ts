import type { Command } from 'commander';
import { addCommonOptions, openSession } from './cli-session.ts';
import type { CliDeps } from './cli-session.ts';
import { IN_PROCESS, withBackend } from './with-backend.ts';

export function runsCommand(program: Command, deps: CliDeps): void {
  const runs = program.command('runs').description('long work: list it, look at it, cancel it');
  const list = runs
    .command('list', { isDefault: true })
    .description('newest first')
    .option('--status <status>', 'only runs in this state')
    .option('--kind <kind>', 'only runs of this kind')
    .option('--limit <n>', 'at most so many', '20')
    .option('--cursor <cursor>', 'continues a former answer');
  addCommonOptions(list).action((options: { status?: string; kind?: string; limit: string; cursor?: string }) =>
    callAndPrint(list, deps, {
      tool: 'run_list',
      input: { ...pick(options, ['status', 'kind', 'cursor']), limit: Number(options.limit) },
    }),
  );
  const show = runs.command('show <runId>').description('state, progress, result and last log lines of one run');
  addCommonOptions(show).action((runId: string) => callAndPrint(show, deps, { tool: 'run_get', input: { runId } }));
  const cancel = runs.command('cancel <runId>').description('end a run').option('--reason <text>', 'kept with the run');
  addCommonOptions(cancel).action((runId: string, options: { reason?: string }) =>
    callAndPrint(cancel, deps, {
      tool: 'run_control',
      input: { runId, action: 'cancel', ...pick(options, ['reason']) },
    }),
  );
}

async function callAndPrint(
  command: Command,
  deps: CliDeps,
  request: { readonly tool: string; readonly input: unknown },
): Promise<void> {
  const session = openSession(deps, command, IN_PROCESS);
  const call = { signal: session.signal, progress: () => {}, log: () => {} };
  const answer = await withBackend(session, (backend) => backend.callTool(request.tool, request.input, call));
  session.output.result(answer.structured, answer.text);
}

/** The named options that were given. */
function pick(options: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])));
}
