import { openDataFolder, findOwner } from '../../core/data-folder/index.ts';
import { createRemoteBackend } from '../mcp/remote-backend.ts';
import type { SurfaceBackend } from '../mcp/surface-backend.ts';
import type { CliSession } from './cli-session.ts';

/** A master that lives for one command listens nowhere, starts nothing by itself, and speaks only of what is wrong. */
export const IN_PROCESS = {
  overrides: { 'http.enabled': false, autoStart: false },
  defaults: { 'log.level': 'warn' },
};

/** The surface of the master that runs on this data folder, if one does. */
export function findRunningBackend(session: CliSession): SurfaceBackend | undefined {
  const folder = openDataFolder(session.loaded.config.dataDir);
  const owner = findOwner(folder.path);
  if (owner?.url === undefined) return undefined;
  return createRemoteBackend({ url: `${owner.url}/mcp`, token: folder.readToken() });
}

/**
 * Gives `work` the running master's surface; without a running master, that of one which lives in this process for as
 * long as `work` takes and listens nowhere.
 */
export async function withBackend<T>(session: CliSession, work: (backend: SurfaceBackend) => Promise<T>): Promise<T> {
  const running = findRunningBackend(session);
  if (running !== undefined) return work(running);
  const master = session.deps.createMaster(session.loaded, session.log);
  try {
    await master.orchestrator.start();
    return await work(master.backend);
  } finally {
    await master.orchestrator.stop();
  }
}
