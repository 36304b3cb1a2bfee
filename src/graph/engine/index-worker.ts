import { AppError } from '../../core/errors.ts';
import { discoverWorkspace } from '../discovery/discover-workspace.ts';
import { extractGraph } from './extraction.ts';
import type { ExtractProgress } from './extraction.ts';
import type { IndexOutcome, IndexTask } from './index-task.ts';
import { TsMorphSource } from './ts-morph-source.ts';

/** Runs in a worker thread: finds the sources, resolves them, returns the whole graph. Cancelling ends the thread. */
export async function indexWorkspace({ root, maxFileBytes, untyped, port }: IndexTask): Promise<IndexOutcome> {
  const source = new TsMorphSource();
  const { signal } = new AbortController();
  const onProgress = (progress: ExtractProgress): void => port.postMessage(progress);
  try {
    onProgress({ done: 0, total: 0, message: 'finding files' });
    const workspace = await discoverWorkspace({ root, maxFileBytes, signal });
    source.open(workspace);
    return { columns: extractGraph(source, workspace, { signal, onProgress, untyped }) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { failure: { code: error.code, message: error.message, hint: error.hint } };
  } finally {
    source.close();
    port.close();
  }
}
