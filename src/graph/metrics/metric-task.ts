import type { GraphFile } from '../graph-schema.ts';
import type { CloneClass } from './find-clones.ts';
import type { FileMetrics } from './file-metrics.ts';

/** What the pool and its thread say to each other. Apart from both, so that the pool does not load the compiler. */

export interface MetricTask {
  readonly root: string;
  /** In the order in which they are wanted. */
  readonly files: readonly GraphFile[];
  readonly maxFileBytes: number;
  /** Milliseconds of the wall clock, which all threads share: files that are not reached by then are left. */
  readonly deadline: number;
}

export interface MetricOutcome {
  /** By the hash of the content. */
  readonly measured: ReadonlyMap<string, FileMetrics>;
  /** Not what was indexed any more, or too deep for the parser. */
  readonly unread: readonly string[];
  /** Files that the time did not suffice for. */
  readonly left: number;
}

export interface CloneOutcome {
  readonly classes: readonly CloneClass[];
  readonly unread: readonly string[];
  readonly left: number;
  /** Files that say of themselves that a program wrote them. */
  readonly generated: number;
}
