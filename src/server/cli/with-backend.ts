import { setTimeout as delay } from 'node:timers/promises';
import { findOwner, openDataFolder } from '../../core/data-folder/index.ts';
import type { Owner } from '../../core/data-folder/index.ts';
import { AppError } from '../../core/errors.ts';
import type { SurfaceBackend } from '../mcp/surface-backend.ts';
import type { CliSession } from './cli-session.ts';

/** A master that lives for one command listens nowhere, starts nothing by itself, and speaks only of what is wrong. */
export const IN_PROCESS = {
  overrides: { 'http.enabled': false, autoStart: false, 'runs.workers': 0 },
  defaults: { 'log.level': 'warn' },
  isBrief: true,
} as const;

/** A surface, and what has to be ended after its use. */
export interface Connection {
  readonly backend: SurfaceBackend;
  /** Whom it is attached to; undefined when the master runs in this process. */
  readonly owner: Owner | undefined;
  close(): Promise<void>;
}

const LOOK_INTERVAL_MS = 200;

/** The surface of the master that runs on this data folder, if one does and can be reached. */
export async function findRunningBackend(session: CliSession): Promise<SurfaceBackend | undefined> {
  return (await attach(session))?.backend;
}

/** Whether there is such a master. */
export function hasRunningMaster(session: CliSession): boolean {
  return findOwner(openDataFolder(session.loaded.config.dataDir).path)?.url !== undefined;
}

async function attach(session: CliSession): Promise<Connection | undefined> {
  const folder = openDataFolder(session.loaded.config.dataDir);
  const owner = findOwner(folder.path);
  if (owner?.url === undefined) return undefined;
  const { createRemoteBackend } = await import('../mcp/remote-backend.ts');
  const backend = createRemoteBackend({ url: `${owner.url}/mcp`, token: folder.readToken(), log: session.log });
  return { backend, owner, close: () => Promise.resolve() };
}

/**
 * Attaches to the master that runs on the data folder, or becomes it. An owner that can't be reached is starting, or is
 * a command that will soon be done: it is waited for.
 */
export async function connect(session: CliSession, signal = session.signal): Promise<Connection> {
  const folder = openDataFolder(session.loaded.config.dataDir).path;
  for (let isFirst = true; ; isFirst = false) {
    signal.throwIfAborted();
    const running = await attach(session);
    if (running !== undefined) return running;
    const owner = findOwner(folder);
    const own = owner === undefined ? await startMaster(session) : undefined;
    if (own !== undefined) return own;
    if (isFirst) session.log.warn({ pid: owner?.pid }, 'waiting for another process on the data folder');
    await delay(LOOK_INTERVAL_MS, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

/** Gives `work` a surface for as long as it takes. */
export async function withBackend<T>(session: CliSession, work: (backend: SurfaceBackend) => Promise<T>): Promise<T> {
  const connection = await connect(session);
  try {
    return await work(connection.backend);
  } finally {
    await connection.close();
  }
}

/** Undefined when another process was faster. */
async function startMaster(session: CliSession): Promise<Connection | undefined> {
  const { orchestrator, backend } = await session.deps.createMaster(session);
  try {
    await orchestrator.start();
    return { backend, owner: undefined, close: () => orchestrator.stop() };
  } catch (error) {
    await orchestrator.stop();
    if (error instanceof AppError && error.details['ownerPid'] !== undefined) return undefined;
    throw error;
  }
}
