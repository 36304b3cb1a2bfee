import type { MessagePort } from 'node:worker_threads';
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { discoverWorkspace } from '../discovery/discover-workspace.ts';
import type { GraphColumns } from '../graph-schema.ts';
import { extractGraph } from './extraction.ts';
import { TsMorphSource } from './ts-morph-source.ts';

/** What the pool sends to this thread. */
export interface IndexTask {
  readonly root: string;
  readonly maxFileBytes: number;
  /** Progress goes out here, as {@link progressMessageSchema}. */
  readonly port: MessagePort;
}

export const progressMessageSchema = z.object({ done: z.number(), total: z.number(), message: z.string() });

/** An expected failure keeps its code on the way between threads, where errors lose their class. */
export type IndexOutcome =
  | { readonly columns: GraphColumns }
  | { readonly failure: { code: string; message: string; hint: string | undefined } };

const PROGRESS_INTERVAL_MS = 100;

/** Runs in a worker thread: finds the sources, resolves them, returns the whole graph. Cancelling ends the thread. */
export async function indexWorkspace({ root, maxFileBytes, port }: IndexTask): Promise<IndexOutcome> {
  const source = new TsMorphSource();
  const { signal } = new AbortController();
  const report = throttled(port);
  try {
    report(0, 0, 'finding files');
    const workspace = await discoverWorkspace({ root, maxFileBytes, signal });
    source.open(workspace);
    return { columns: extractGraph(source, workspace, { signal, onProgress: report }) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { failure: { code: error.code, message: error.message, hint: error.hint } };
  } finally {
    source.close();
    port.close();
  }
}

function throttled(port: MessagePort): (done: number, total: number, message: string) => void {
  let lastMs = 0;
  return (done, total, message) => {
    const nowMs = Date.now();
    if (nowMs - lastMs < PROGRESS_INTERVAL_MS && done < total) return;
    lastMs = nowMs;
    port.postMessage({ done, total, message });
  };
}
