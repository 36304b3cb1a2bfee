import { once } from 'node:events';
import process from 'node:process';
import type { Command } from 'commander';
import { createToolPolicy } from '../dispatch/tool-policy.ts';
import { createFollowingBackend } from '../mcp/following-backend.ts';
import { createMcpServer } from '../mcp/mcp-server.ts';
import { serveMcpStdio } from '../mcp/serve-stdio.ts';
import { addCommonOptions, addPolicyOptions, openSession } from './cli-session.ts';
import type { CliDeps, CliSession } from './cli-session.ts';
import { OwnerFollower } from './owner-follower.ts';

export function mcpCommand(program: Command, deps: CliDeps): void {
  const command = program
    .command('mcp')
    .description('serve MCP over stdio; attaches to the running master, else becomes it, and takes over when it goes');
  // Several clients each start a server: unless a port was chosen, none of them may fail over a port that is taken.
  addPolicyOptions(addCommonOptions(command)).action(() =>
    serve(openSession(deps, command, { defaults: { 'http.port': 0 } })),
  );
}

/**
 * Answers `tools/list` at once; the master comes up, or is attached to, meanwhile. What this process forbids comes on top
 * of what a master elsewhere does.
 */
async function serve(session: CliSession): Promise<void> {
  const { catalog, version } = session.deps;
  const policy = createToolPolicy(catalog, session.loaded.config.mcp);
  const closed = new AbortController();
  const isOver = AbortSignal.any([closed.signal, session.signal]);
  const follower = new OwnerFollower(session);
  follower.start();
  const backend = createFollowingBackend({ catalog, source: follower });
  const server = serveMcpStdio({
    build: () => createMcpServer({ catalog, backend, info: { name: 'lightdom', version }, log: session.log, policy }),
    onClose: () => closed.abort(),
  });
  if (!isOver.aborted) await once(isOver, 'abort');
  await server.close();
  await follower.close();
  process.exitCode = 0;
}
