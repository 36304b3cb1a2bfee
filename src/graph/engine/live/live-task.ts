import type { MessagePort } from 'node:worker_threads';
import type { GraphColumns } from '../../graph-schema.ts';
import type { EngineChoice } from '../../graph-schema.ts';
import type { LiveStep } from './live-graph.ts';
import type { StaleGraph } from './live-workspace.ts';

/** What the pool and its thread say to each other. Apart from both, so that the pool does not load the compiler. */
export type LiveTask =
  | {
      readonly action: 'open';
      readonly root: string;
      readonly maxFileBytes: number;
      readonly engine: EngineChoice;
      readonly compilerMemoryMb: number;
      /** Progress and the compiler's process id go out here, as of an index. */
      readonly port: MessagePort;
    }
  | { readonly action: 'change'; readonly paths: readonly string[] }
  | { readonly action: 'work'; readonly budgetMs: number }
  | { readonly action: 'verify' }
  | { readonly action: 'close' };

export type LiveOutcome =
  | { readonly columns: GraphColumns }
  | { readonly step: LiveStep }
  | StaleGraph
  | { readonly hasMore: boolean }
  | { readonly failure: { readonly code: string; readonly message: string; readonly hint: string | undefined } };
