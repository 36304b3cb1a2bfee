import { EDGE_KINDS, PROVENANCES } from '../graph-schema.ts';
import type { EdgeKind, GraphEdges, Provenance } from '../graph-schema.ts';
import { IntColumn } from './int-column.ts';

const KIND_CODES = new Map<EdgeKind, number>(EDGE_KINDS.map((kind, code) => [kind, code]));
const PROVENANCE_CODES = new Map<Provenance, number>(PROVENANCES.map((provenance, code) => [provenance, code]));

/** Where an edge is written. */
export interface EdgePlace {
  /** Index into the files of the graph. */
  readonly file: number;
  readonly line: number;
  readonly column: number;
}

/** Edges as they are found; the same edge at the same place is kept once. */
export class EdgeColumns {
  readonly #source = new IntColumn();
  readonly #target = new IntColumn();
  readonly #kind = new IntColumn();
  readonly #provenance = new IntColumn();
  readonly #file = new IntColumn();
  readonly #line = new IntColumn();
  readonly #column = new IntColumn();
  readonly #seen = new Set<string>();
  #seenFile = -1;

  get length(): number {
    return this.#source.length;
  }

  add(edge: { source: number; target: number; kind: EdgeKind }, place: EdgePlace, provenance: Provenance): void {
    // Files come one after the other, so only the present one has to be remembered.
    if (place.file !== this.#seenFile) this.#seen.clear();
    this.#seenFile = place.file;
    const key = `${edge.source} ${edge.target} ${edge.kind} ${place.line} ${place.column}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#source.push(edge.source);
    this.#target.push(edge.target);
    this.#kind.push(KIND_CODES.get(edge.kind) ?? 0);
    this.#provenance.push(PROVENANCE_CODES.get(provenance) ?? 0);
    this.#file.push(place.file);
    this.#line.push(place.line);
    this.#column.push(place.column);
  }

  toEdges(): GraphEdges {
    return {
      count: this.#source.length,
      source: this.#source.toInts(),
      target: this.#target.toInts(),
      kind: this.#kind.toBytes(),
      provenance: this.#provenance.toBytes(),
      file: this.#file.toInts(),
      line: this.#line.toInts(),
      column: this.#column.toInts(),
    };
  }
}
