import { once } from 'node:events';
import process from 'node:process';
import type { Command } from 'commander';
import { findOwner, openDataFolder } from '../../core/data-folder/index.ts';
import { messageOf } from '../../core/errors.ts';
import { createMcpServer } from '../mcp/mcp-server.ts';
import { createRemoteBackend } from '../mcp/remote-backend.ts';
import { serveMcpStdio } from '../mcp/serve-stdio.ts';
import type { SurfaceBackend } from '../mcp/surface-backend.ts';
import { addCommonOptions, openSession } from './cli-session.ts';
import type { CliDeps, CliMaster, CliSession } from './cli-session.ts';

export function mcpCommand(program: Command, deps: CliDeps): void {
  const command = program
    .command('mcp')
    .description('serve MCP over stdio; attaches to the running master, else becomes it');
  // Several clients each start a server: unless a port was chosen, none of them may fail over a port that is taken.
  addCommonOptions(command).action(() => serve(openSession(deps, command, { defaults: { 'http.port': 0 } })));
}

/** Answers `tools/list` at once; the master comes up, or is attached to, meanwhile. */
async function serve(session: CliSession): Promise<void> {
  const attached = findAttachable(session);
  const master = attached === undefined ? startMaster(session) : undefined;
  const backend = attached ?? master?.backend;
  if (backend === undefined) return;
  const { catalog, version } = session.deps;
  const closed = new AbortController();
  const server = serveMcpStdio({
    build: () => createMcpServer({ catalog, backend, info: { name: 'lightdom', version }, log: session.log }),
    onClose: () => closed.abort(),
  });
  const isOver = AbortSignal.any([closed.signal, session.signal]);
  if (!isOver.aborted) await once(isOver, 'abort');
  await server.close();
  await master?.orchestrator.stop();
  process.exitCode = 0;
}

function findAttachable(session: CliSession): SurfaceBackend | undefined {
  const folder = openDataFolder(session.loaded.config.dataDir);
  const owner = findOwner(folder.path);
  if (owner?.url === undefined) return undefined;
  session.log.info({ pid: owner.pid }, 'attached to the running master');
  return createRemoteBackend({ url: `${owner.url}/mcp`, token: folder.readToken() });
}

function startMaster(session: CliSession): CliMaster {
  const master = session.deps.createMaster(session.loaded, session.log);
  master.orchestrator.start().catch((error: unknown) => {
    session.log.error({ reason: messageOf(error) }, 'the master could not start; every call will say so');
  });
  return master;
}
