import type { NodeKind } from '../../graph-schema.ts';

/** A declaration that the graph keeps, as its syntax shows it; as `DeclarationFact`. */
export interface FlatFact {
  readonly kind: NodeKind;
  readonly name: string;
  /** The node whose name is the anchor. */
  readonly declaration: number;
  /** Where the header ends and the body begins; undefined when all of it is header. */
  readonly bodyStart?: number | undefined;
  readonly merges: boolean;
}
