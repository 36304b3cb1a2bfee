import type { GraphPatch } from '../graph-patch.ts';
import type { GraphColumns } from '../graph-schema.ts';

/** The graph of a workspace as those see it who keep it in step with the files. */
export interface FollowedGraph {
  readonly generation: number;
  readonly columns: GraphColumns;
  /** False when another generation has been published meanwhile: nothing was done then. */
  apply(patch: GraphPatch): Promise<boolean>;
}
