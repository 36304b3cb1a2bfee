import type { Command } from 'commander';
import { addCommonOptions, addPolicyOptions, openSession } from './cli-session.ts';
import type { CliDeps } from './cli-session.ts';

export function mcpCommand(program: Command, deps: CliDeps): void {
  const command = program
    .command('mcp')
    .description('serve MCP over stdio; attaches to the running master, else becomes it, and takes over when it goes');
  // Several clients each start a server: unless a port was chosen, none of them may fail over a port that is taken.
  addPolicyOptions(addCommonOptions(command)).action(async () => {
    const { serveMcp } = await import('./serve-mcp.ts');
    await serveMcp(openSession(deps, command, { defaults: { 'http.port': 0 } }));
  });
}
