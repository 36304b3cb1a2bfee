import type { MessagePort } from 'node:worker_threads';
import { z } from 'zod';
import type { EngineChoice, GraphColumns } from '../graph-schema.ts';
import type { WorkspaceModel } from '../type-source.ts';

/** What the pool and its thread say to each other. Apart from both, so that the pool does not load the compiler. */

/** What is sent to the thread. */
export type IndexTask = DiscoverTask | ExtractTask;
export type UnsentTask = Omit<DiscoverTask, 'port' | 'mark'> | Omit<ExtractTask, 'port' | 'mark'>;

interface DiscoverTask {
  readonly action: 'discover';
  readonly root: string;
  readonly maxFileBytes: number;
  /** Progress goes out here, as {@link progressMessageSchema}. */
  readonly port: MessagePort;
  /** Memory of the `FileMark` that says which file is being resolved. */
  readonly mark: SharedArrayBuffer;
}

interface ExtractTask {
  readonly action: 'extract';
  readonly root: string;
  readonly workspace: WorkspaceModel;
  readonly engine: EngineChoice;
  readonly compilerMemoryMb: number;
  /** Files whose types must not be asked for, with the reason. */
  readonly untyped: ReadonlyMap<string, string>;
  /** Files whose names are resolved; all without it. */
  readonly share?: ReadonlySet<string>;
  readonly port: MessagePort;
  readonly mark: SharedArrayBuffer;
}

export const progressMessageSchema = z.object({
  done: z.number(),
  total: z.number(),
  message: z.string(),
});

/** Sent once, when the native compiler has been started: whoever ends the thread has to end it too. */
export const childMessageSchema = z.object({ child: z.number() });

export type FoundOutcome = { readonly workspace: WorkspaceModel } | { readonly columns: GraphColumns };

/** An expected failure keeps its code on the way between threads, where errors lose their class. */
export type IndexOutcome =
  | FoundOutcome
  | { readonly failure: { readonly code: string; readonly message: string; readonly hint: string | undefined } };
