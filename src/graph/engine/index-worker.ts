import { AppError } from '../../core/errors.ts';
import type { GraphColumns } from '../graph-schema.ts';
import type { TypeSource } from '../type-source.ts';
import { discoverWorkspace } from '../discovery/discover-workspace.ts';
import { extractGraph } from './extraction.ts';
import type { ExtractProgress } from './extraction.ts';
import type { IndexOutcome, IndexTask } from './index-task.ts';
import { openEngine } from './engine-choice.ts';

/** Runs in a worker thread: finds the sources, resolves them, returns the whole graph. Cancelling ends the thread. */
export async function indexWorkspace(task: IndexTask): Promise<IndexOutcome> {
  const { root, maxFileBytes, untyped, port, compilerMemoryMb } = task;
  const { signal } = new AbortController();
  const onProgress = (progress: ExtractProgress): void => port.postMessage(progress);
  let source: TypeSource | undefined;
  try {
    onProgress({ done: 0, total: 0, message: 'finding files' });
    const workspace = await discoverWorkspace({ root, maxFileBytes, signal });
    const onChild = (child: number): void => port.postMessage({ child });
    const engine = await openEngine(task.engine, workspace, { memoryMb: compilerMemoryMb, onChild });
    source = engine.source;
    const columns = extractGraph(source, workspace, { signal, onProgress, untyped });
    return { columns: engine.warning === undefined ? columns : withWarning(columns, engine.warning) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { failure: { code: error.code, message: error.message, hint: error.hint } };
  } finally {
    await source?.close();
    port.close();
  }
}

function withWarning(columns: GraphColumns, warning: string): GraphColumns {
  return { ...columns, warnings: [warning, ...columns.warnings] };
}
