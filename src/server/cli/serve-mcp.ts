import { once } from 'node:events';
import process from 'node:process';
import { openDataFolder } from '../../core/data-folder/index.ts';
import { createSealer } from '../../core/seal.ts';
import type { Sealer } from '../../core/seal.ts';
import { createToolPolicy } from '../dispatch/tool-policy.ts';
import { auditLogOf } from '../mcp/audit-log.ts';
import { boundedBackend } from '../mcp/bounded-backend.ts';
import { createFollowingBackend } from '../mcp/following-backend.ts';
import { createMcpServer } from '../mcp/mcp-server.ts';
import { serveMcpStdio } from '../mcp/serve-stdio.ts';
import { serverInfoOf } from '../mcp/server-info.ts';
import { Subscriptions } from '../mcp/subscriptions.ts';
import type { CliSession } from './cli-session.ts';
import { OwnerFollower } from './owner-follower.ts';

/**
 * Loading a master keeps this process from answering for a second. Clients ask for the lists first, so these have the
 * process for themselves for this long, unless a call comes.
 */
const LISTS_FIRST_MS = 1_500;
/** No agent means to have more under way; a client that sends without reading does. */
const MAX_WAITING_CALLS = 1_000;

/**
 * Answers `tools/list` at once; the master comes up, or is attached to, meanwhile. What this process forbids comes on top
 * of what a master elsewhere does.
 */
export async function serveMcp(session: CliSession): Promise<void> {
  const { catalog, version } = session.deps;
  const policy = createToolPolicy(catalog, session.loaded.config.mcp);
  const closed = new AbortController();
  const isOver = AbortSignal.any([closed.signal, session.signal]);
  const follower = new OwnerFollower(session);
  follower.start(LISTS_FIRST_MS);
  const { maxConcurrent } = session.loaded.config.http;
  const following = createFollowingBackend({ catalog, source: follower });
  const backend = boundedBackend(following, { maxConcurrent, maxWaiting: MAX_WAITING_CALLS });
  const { log, loaded } = session;
  const subscriptions = new Subscriptions(backend);
  // Of the same key as the master's: a cursor counts whoever answers.
  const sealer = (): Sealer => createSealer(openDataFolder(loaded.config.dataDir).readToken());
  const audit = auditLogOf(loaded.config, log);
  const served = { catalog, backend, info: serverInfoOf(version), log, subscriptions, sealer, policy, audit };
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
