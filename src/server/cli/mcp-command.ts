import { once } from 'node:events';
import process from 'node:process';
import type { Command } from 'commander';
import { messageOf } from '../../core/errors.ts';
import { createDeferredBackend } from '../mcp/deferred-backend.ts';
import { createMcpServer } from '../mcp/mcp-server.ts';
import { serveMcpStdio } from '../mcp/serve-stdio.ts';
import { addCommonOptions, openSession } from './cli-session.ts';
import type { CliDeps, CliSession } from './cli-session.ts';
import { connect } from './with-backend.ts';

export function mcpCommand(program: Command, deps: CliDeps): void {
  const command = program
    .command('mcp')
    .description('serve MCP over stdio; attaches to the running master, else becomes it');
  // Several clients each start a server: unless a port was chosen, none of them may fail over a port that is taken.
  addCommonOptions(command).action(() => serve(openSession(deps, command, { defaults: { 'http.port': 0 } })));
}

/** Answers `tools/list` at once; the master comes up, or is attached to, meanwhile. */
async function serve(session: CliSession): Promise<void> {
  const { catalog, version } = session.deps;
  const closed = new AbortController();
  const isOver = AbortSignal.any([closed.signal, session.signal]);
  const connecting = connect(session, isOver);
  connecting.catch((error: unknown) => {
    session.log.error({ reason: messageOf(error) }, 'there is no master; every call will say so');
  });
  const backend = createDeferredBackend(connecting.then((connection) => connection.backend));
  const server = serveMcpStdio({
    build: () => createMcpServer({ catalog, backend, info: { name: 'lightdom', version }, log: session.log }),
    onClose: () => closed.abort(),
  });
  if (!isOver.aborted) await once(isOver, 'abort');
  await server.close();
  const connection = await connecting.catch(() => undefined);
  await connection?.close();
  process.exitCode = 0;
}
