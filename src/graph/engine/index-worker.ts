import { AppError } from '../../core/errors.ts';
import { optimizeLate } from '../../core/optimize-late.ts';
import type { GraphColumns } from '../graph-schema.ts';
import type { TypeSource } from '../type-source.ts';
import { discoverWorkspace } from '../discovery/discover-workspace.ts';
import { extractGraph } from './extraction.ts';
import type { ExtractProgress } from './extraction.ts';
import { FileMark } from './file-mark.ts';
import type { FoundOutcome, IndexOutcome, IndexTask } from './index-task.ts';
import { openEngine } from './engine-choice.ts';

/** Runs in a worker thread. Cancelling ends the thread. */
export async function indexWorkspace(task: IndexTask): Promise<IndexOutcome> {
  optimizeLate();
  try {
    return task.action === 'discover' ? await discover(task) : await extract(task);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { failure: { code: error.code, message: error.message, hint: error.hint } };
  } finally {
    task.port.close();
  }
}

type TaskOf<Action extends IndexTask['action']> = Extract<IndexTask, { action: Action }>;

async function discover({ root, maxFileBytes, port }: TaskOf<'discover'>): Promise<FoundOutcome> {
  port.postMessage({ done: 0, total: 0, message: 'finding files' });
  const { signal } = new AbortController();
  return { workspace: await discoverWorkspace({ root, maxFileBytes, signal }) };
}

async function extract(task: TaskOf<'extract'>): Promise<FoundOutcome> {
  const { workspace, untyped, share, port, compilerMemoryMb } = task;
  const { signal } = new AbortController();
  const onProgress = seldom(port, new FileMark(task.mark));
  let source: TypeSource | undefined;
  try {
    const onChild = (child: number): void => port.postMessage({ child });
    const engine = await openEngine(task.engine, workspace, { memoryMb: compilerMemoryMb, isOnePass: true, onChild });
    source = engine.source;
    const columns = extractGraph(source, workspace, { signal, onProgress, untyped, share });
    return { columns: engine.warning === undefined ? columns : withWarning(columns, engine.warning) };
  } finally {
    await source?.close();
  }
}

function withWarning(columns: GraphColumns, warning: string): GraphColumns {
  return { ...columns, warnings: [warning, ...columns.warnings] };
}

/** More often than a person can read costs both threads more than it tells. */
const PROGRESS_MS = 100;

/** Marks each file, and tells of some. */
function seldom(port: IndexTask['port'], mark: FileMark): (progress: ExtractProgress) => void {
  let nextMs = 0;
  return ({ file, ...progress }) => {
    mark.set(file, progress.done);
    const nowMs = performance.now();
    const isOneOfMany = file !== undefined || progress.message.startsWith('reading ');
    if (isOneOfMany && nowMs < nextMs) return;
    nextMs = isOneOfMany ? nowMs + PROGRESS_MS : 0;
    port.postMessage(progress);
  };
}
