import type { MessagePort } from 'node:worker_threads';
import { z } from 'zod';
import type { EngineChoice, GraphColumns } from '../graph-schema.ts';

/** What the pool and its thread say to each other. Apart from both, so that the pool does not load the compiler. */

/** What the pool sends to this thread. */
export interface IndexTask {
  readonly root: string;
  readonly maxFileBytes: number;
  readonly engine: EngineChoice;
  readonly compilerMemoryMb: number;
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

/** Sent once, when the native compiler has been started: whoever ends the thread has to end it too. */
export const childMessageSchema = z.object({ child: z.number() });

/** An expected failure keeps its code on the way between threads, where errors lose their class. */
export type IndexOutcome =
  | { readonly columns: GraphColumns }
  | { readonly failure: { code: string; message: string; hint: string | undefined } };
