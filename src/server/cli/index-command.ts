import { resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { renderRun, runSchema } from '../../runs/index.ts';
import type { Run } from '../../runs/index.ts';
import { plainCall } from '../mcp/surface-backend.ts';
import { addCommonOptions, openSession } from './cli-session.ts';
import type { CliDeps, CliSession } from './cli-session.ts';
import { assertCompleted, followRun } from './follow-run.ts';
import { hasRunningMaster, IN_PROCESS, withBackend } from './with-backend.ts';

export function indexCommand(program: Command, deps: CliDeps): void {
  const command = program
    .command('index [dir]')
    .description('index a repository into the code graph')
    .option(
      '--engine <name>',
      'what resolves types: auto, ts7 or ts-morph; oxc for syntax alone (default: as configured)',
    )
    .option('--wait', 'follow the run to its end (always so when no master runs)');
  addCommonOptions(command).action(async (dir: string | undefined, options: { wait?: boolean; engine?: string }) => {
    const overrides = { ...IN_PROCESS.overrides, ...(dir === undefined ? {} : { workspace: resolve(dir) }) };
    const session = openSession(deps, command, { ...IN_PROCESS, overrides });
    const mustWait = options.wait === true || !hasRunningMaster(session);
    const run = await indexWorkspace(session, { mustWait, engine: options.engine });
    session.output.result(run, renderRun(run));
    assertCompleted(run);
  });
}

function indexWorkspace(
  session: CliSession,
  { mustWait, engine }: { readonly mustWait: boolean; readonly engine: string | undefined },
): Promise<Run> {
  return withBackend(session, async (backend) => {
    const call = plainCall(session.signal);
    const input = { workspace: session.loaded.config.workspace, ...(engine !== undefined && { engine }) };
    const answer = await backend.callTool('graph_index', input, call);
    const { run } = z.object({ run: runSchema }).parse(answer.structured);
    return mustWait ? followRun(session, backend, run.runId) : run;
  });
}
