import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { isTerminal, renderRunEvent, RUN_STATUSES, runEventSchema } from '../../runs/index.ts';
import type { RunEvent } from '../../runs/index.ts';
import { didYouMean } from '../mcp/input-problem.ts';
import type { SurfaceBackend } from '../mcp/surface-backend.ts';
import { callAndPrint, callQuietly, numberOption, pick } from './call-and-print.ts';
import type { ToolRequest } from './call-and-print.ts';
import { addCommonOptions, openSession } from './cli-session.ts';
import type { CliDeps, CliSession } from './cli-session.ts';
import { IN_PROCESS, withBackend } from './with-backend.ts';

const LOG_POLL_MS = 500;

const logSchema = z.object({ status: z.enum(RUN_STATUSES), lines: z.array(runEventSchema) });

/** `runs list`, `show`, `log` and `workers`: what only reads. */
export function addRunQueries(runs: Command, deps: CliDeps): void {
  const list = runs
    .command('list', { isDefault: true })
    .description('newest first')
    .option('--status <status>', `only runs in this state: ${RUN_STATUSES.join(', ')}`)
    .option('--kind <kind>', 'only runs of this kind, such as graph_index')
    .option('--parent <runId>', 'only the parts of this run')
    .option('--limit <n>', 'at most so many', numberOption, 20)
    .option('--cursor <cursor>', 'continues a former answer');
  // What follows `runs` and is no command lands here, since this is the default one.
  addCommonOptions(list.allowExcessArguments()).action(
    ({ parent, ...options }: { parent?: string; status?: string; kind?: string }) => {
      refuseWords(runs, list.args);
      const given = { ...options, parentRunId: parent };
      const input = pick(given, ['status', 'kind', 'parentRunId', 'limit', 'cursor']);
      return callAndPrint(list, deps, { tool: 'run_list', input });
    },
  );
  const show = runs.command('show <runId>').description('state, progress, result, parts and last log lines of one run');
  addCommonOptions(show).action((runId: string) => callAndPrint(show, deps, { tool: 'run_get', input: { runId } }));
  const log = runs
    .command('log <runId>')
    .description('the last log lines of one run')
    .option('--follow', 'go on until the run ends')
    .option('--limit <n>', 'at most so many', numberOption, 200);
  addCommonOptions(log).action((runId: string, options: { follow?: boolean; limit: number }) => {
    const input = { runId, limit: options.limit };
    if (options.follow !== true) return callAndPrint(log, deps, { tool: 'run_log', input });
    const session = openSession(deps, log, IN_PROCESS);
    return withBackend(session, (backend) => followLog(session, backend, input));
  });
  const workers = runs.command('workers').description('the processes that execute runs');
  addCommonOptions(workers).action(() => callAndPrint(workers, deps, { tool: 'run_workers', input: {} }));
}

function refuseWords(runs: Command, [word]: readonly string[]): void {
  if (word === undefined) return;
  const names = runs.commands.map((command) => command.name());
  throw new AppError('invalid_input', `There is no command \`runs ${word}\`${didYouMean(word, names)}.`, {
    hint: `Commands: ${names.join(', ')}.`,
  });
}

/** Line by line; with `--json` one document at the end. */
async function followLog(
  session: CliSession,
  backend: SurfaceBackend,
  first: { readonly runId: string; readonly limit: number },
): Promise<void> {
  const { output, signal } = session;
  const all: RunEvent[] = [];
  for (let input: ToolRequest['input'] = first; ;) {
    const answer = await callQuietly(session, backend, { tool: 'run_log', input });
    const { status, lines } = logSchema.parse(answer.structured);
    for (const line of lines) output.line(renderRunEvent(line));
    all.push(...lines);
    const after = all.at(-1)?.sequence ?? 0;
    if (isTerminal(status) && lines.length === 0) return output.document({ status, lines: all });
    if (lines.length === 0) {
      await delay(LOG_POLL_MS, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
    input = { runId: first.runId, after };
  }
}
