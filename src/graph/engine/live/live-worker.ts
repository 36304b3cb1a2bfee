import { AppError } from '../../../core/errors.ts';
import { discoverWorkspace } from '../../discovery/discover-workspace.ts';
import type { TypeSource } from '../../type-source.ts';
import { openEngine } from '../engine-choice.ts';
import { extractForUpdates } from '../extraction.ts';
import type { LiveTask, LiveOutcome } from './live-task.ts';
import type { LiveWorkspace } from './live-workspace.ts';
import { openLive } from './open-live.ts';

interface OpenedWorkspace {
  readonly source: TypeSource;
  readonly live: LiveWorkspace;
}

/** The workspace that this thread keeps. */
let kept: OpenedWorkspace | undefined;

/** Runs in a worker thread, which keeps a workspace in mind between its tasks. */
export async function followWorkspace(task: LiveTask): Promise<LiveOutcome> {
  try {
    return await outcomeOf(task);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { failure: { code: error.code, message: error.message, hint: error.hint } };
  }
}

async function outcomeOf(task: LiveTask): Promise<LiveOutcome> {
  switch (task.action) {
    case 'open':
      return open(task);
    case 'change': {
      const change = await running().change(task.paths);
      return 'stale' in change ? change : { step: change };
    }
    case 'work': {
      const end = performance.now() + task.budgetMs;
      return { step: running().work(() => performance.now() >= end) };
    }
    case 'verify':
      return { hasMore: running().verify() };
    case 'close':
      await close();
      return { hasMore: false };
  }
}

function running(): LiveWorkspace {
  if (kept === undefined) throw new AppError('internal', 'No workspace is open.');
  return kept.live;
}

async function open(task: Extract<LiveTask, { action: 'open' }>): Promise<LiveOutcome> {
  const { root, maxFileBytes, port } = task;
  const { signal } = new AbortController();
  await close();
  let source: TypeSource | undefined;
  try {
    port.postMessage({ done: 0, total: 0, message: 'finding files' });
    const workspace = await discoverWorkspace({ root, maxFileBytes, signal });
    const onChild = (child: number): void => port.postMessage({ child });
    const engine = await openEngine(task.engine, workspace, { memoryMb: task.compilerMemoryMb, onChild });
    source = engine.source;
    if (source.live === undefined)
      throw new AppError('unsupported', `The ${source.engine} engine does not follow edits.`);
    const onProgress = (progress: object): void => port.postMessage(progress);
    const extraction = extractForUpdates(source, workspace, { signal, onProgress });
    const live = openLive({ source, workspace, extraction, maxFileBytes });
    if (live !== undefined) kept = { source, live };
    return { columns: extraction.columns };
  } finally {
    if (kept === undefined) await source?.close();
    port.close();
  }
}

async function close(): Promise<void> {
  const closing = kept;
  kept = undefined;
  await closing?.source.close();
}
