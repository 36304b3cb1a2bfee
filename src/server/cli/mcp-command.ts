import { once } from 'node:events';
import process from 'node:process';
import type { Command } from 'commander';
import { createFollowingBackend } from '../mcp/following-backend.ts';
import { openDataFolder } from '../../core/data-folder/index.ts';
import { createSealer } from '../../core/seal.ts';
import type { Sealer } from '../../core/seal.ts';
import { createMcpServer } from '../mcp/mcp-server.ts';
import { serveMcpStdio } from '../mcp/serve-stdio.ts';
import { serverInfoOf } from '../mcp/server-info.ts';
import { Subscriptions } from '../mcp/subscriptions.ts';
import { addCommonOptions, openSession } from './cli-session.ts';
import type { CliDeps, CliSession } from './cli-session.ts';
import { OwnerFollower } from './owner-follower.ts';

export function mcpCommand(program: Command, deps: CliDeps): void {
  const command = program
    .command('mcp')
    .description('serve MCP over stdio; attaches to the running master, else becomes it, and takes over when it goes');
  // Several clients each start a server: unless a port was chosen, none of them may fail over a port that is taken.
  addCommonOptions(command).action(() => serve(openSession(deps, command, { defaults: { 'http.port': 0 } })));
}

/** Answers `tools/list` at once; the master comes up, or is attached to, meanwhile. */
async function serve(session: CliSession): Promise<void> {
  const { catalog, version } = session.deps;
  const closed = new AbortController();
  const isOver = AbortSignal.any([closed.signal, session.signal]);
  const follower = new OwnerFollower(session);
  follower.start();
  const backend = createFollowingBackend({ catalog, source: follower });
  const { log, loaded } = session;
  const subscriptions = new Subscriptions(backend);
  // Of the same key as the master's: a cursor counts whoever answers.
  const sealer = (): Sealer => createSealer(openDataFolder(loaded.config.dataDir).readToken());
  const served = { catalog, backend, info: serverInfoOf(version), log, subscriptions, sealer };
  const server = serveMcpStdio({
    build: () => createMcpServer(served),
    subscriptions,
    onClose: () => closed.abort(),
  });
  if (!isOver.aborted) await once(isOver, 'abort');
  await server.close();
  await follower.close();
  process.exitCode = 0;
}
