import type { MessagePort } from 'node:worker_threads';
import { z } from 'zod';
import type { GraphColumns } from '../graph-schema.ts';

/** What the pool and its thread say to each other. Apart from both, so that the pool does not load the compiler. */

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
