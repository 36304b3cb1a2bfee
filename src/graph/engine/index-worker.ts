import type { MessagePort } from 'node:worker_threads';
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { discoverWorkspace } from '../discovery/discover-workspace.ts';
import type { GraphColumns } from '../graph-schema.ts';
import { extractGraph } from './extraction.ts';
import type { ExtractProgress } from './extraction.ts';
import { TsMorphSource } from './ts-morph-source.ts';

/** What the pool sends to this thread. */
export interface IndexTask {
  readonly root: string;
  readonly maxFileBytes: number;
  /** Files whose types must not be asked for, with the reason. */
  readonly untyped: ReadonlyMap<string, string>;
  /** Progress goes out here, as {@link progressMessageSchema}. */
  readonly port: MessagePort;
}

export const progressMessageSchema = z.object({
  done: z.number(),
  total: z.number(),
  message: z.string(),
  file: z.string().optional(),
});

/** An expected failure keeps its code on the way between threads, where errors lose their class. */
export type IndexOutcome =
  | { readonly columns: GraphColumns }
  | { readonly failure: { code: string; message: string; hint: string | undefined } };

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
