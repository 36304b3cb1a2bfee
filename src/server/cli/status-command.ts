import type { Command } from 'commander';
import { plainCall } from '../mcp/surface-backend.ts';
import { addCommonOptions, openSession } from './cli-session.ts';
import type { CliDeps } from './cli-session.ts';
import { findRunningBackend } from './with-backend.ts';

export function statusCommand(program: Command, deps: CliDeps): void {
  const command = program.command('status').description('state of the master that runs on the data folder');
  addCommonOptions(command).action(async () => {
    const session = openSession(deps, command);
    const backend = await findRunningBackend(session);
    if (backend === undefined) {
      const text = `no master runs on ${session.loaded.config.dataDir}; start one with \`lightdom start\``;
      session.output.result({ status: 'stopped' }, text);
      return;
    }
    const call = plainCall(session.signal);
    const answer = await backend.callTool('system_status', {}, call);
    session.output.result(answer.structured, answer.text);
  });
}
