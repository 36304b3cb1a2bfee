import { createHash } from 'node:crypto';
import { EDGE_KINDS, NODE_FLAGS, NODE_KINDS, PROVENANCES } from '../../src/graph/graph-schema.ts';
import type { EdgeKind, GraphColumns, GraphFile, NodeKind, Provenance } from '../../src/graph/graph-schema.ts';

interface NamedNode {
  readonly name: string;
  readonly isExported?: boolean;
  readonly doc?: string;
  readonly signature?: string;
  readonly start?: number;
  readonly end?: number;
  readonly line?: number;
}

interface NodeRow extends NamedNode {
  readonly kind: NodeKind;
  readonly file: number;
  readonly container: number;
}

interface KnownEdge {
  readonly kind: EdgeKind;
  readonly provenance: Provenance;
}

interface EdgeRow extends KnownEdge {
  readonly source: number;
  readonly target: number;
  readonly line: number;
}

/** Makes a graph by hand: files, nodes in them, edges between. Rows are returned to name them by. */
export class GraphColumnsBuilder {
  readonly #files: GraphFile[] = [];
  readonly #nodes: NodeRow[] = [];
  readonly #edges: EdgeRow[] = [];

  /** Adds a file and its node; the node's row comes back. */
  file(path: string, extras: Partial<GraphFile> = {}): number {
    const empty = { hash: '', bytes: 0, modifiedMs: 0, lines: 1, note: '', unresolved: 0 };
    this.#files.push({ path, state: 'typed', ...empty, ...extras });
    const name = path.slice(path.lastIndexOf('/') + 1);
    this.#nodes.push({ kind: 'file', name, file: this.#files.length - 1, container: -1, line: 1 });
    return this.#nodes.length - 1;
  }

  node(container: number, kind: NodeKind, named: string | NamedNode): number {
    const extras = typeof named === 'string' ? { name: named } : named;
    const file = this.#nodes[container]?.file ?? 0;
    this.#nodes.push({ kind, file, container, line: this.#nodes.length + 1, ...extras });
    const row = this.#nodes.length - 1;
    this.edge(container, row, 'contains');
    return row;
  }

  edge(source: number, target: number, relation: EdgeKind | KnownEdge): void {
    const { kind, provenance } =
      typeof relation === 'string' ? { kind: relation, provenance: 'typed' as const } : relation;
    this.#edges.push({ source, target, kind, provenance, line: this.#edges.length + 1 });
  }

  build(): GraphColumns {
    const nodes = this.#nodes;
    const edges = this.#edges;
    const fileOf = (row: number): number => nodes[row]?.file ?? 0;
    return {
      engine: 'ts-morph',
      files: this.#files,
      nodes: {
        count: nodes.length,
        id: nodes.map((_, row) => this.#idOf(row)),
        name: nodes.map((node) => node.name),
        kind: Uint8Array.from(nodes, (node) => NODE_KINDS.indexOf(node.kind)),
        file: Int32Array.from(nodes, (node) => node.file),
        container: Int32Array.from(nodes, (node) => node.container),
        start: Int32Array.from(nodes, (node) => node.start ?? 0),
        end: Int32Array.from(nodes, (node) => node.end ?? 0),
        line: Int32Array.from(nodes, (node) => node.line ?? 1),
        column: Int32Array.from(nodes, () => 1),
        flags: Uint8Array.from(nodes, (node) => (node.isExported === true ? NODE_FLAGS.exported : 0)),
        signature: nodes.map((node) => node.signature ?? ''),
        doc: nodes.map((node) => node.doc ?? ''),
      },
      edges: {
        count: edges.length,
        source: Int32Array.from(edges, (edge) => edge.source),
        target: Int32Array.from(edges, (edge) => edge.target),
        kind: Uint8Array.from(edges, (edge) => EDGE_KINDS.indexOf(edge.kind)),
        provenance: Uint8Array.from(edges, (edge) => PROVENANCES.indexOf(edge.provenance)),
        file: Int32Array.from(edges, (edge) => fileOf(edge.source)),
        line: Int32Array.from(edges, (edge) => edge.line),
        column: Int32Array.from(edges, () => 1),
      },
      unresolvedPackages: [],
      warnings: [],
    };
  }

  #idOf(row: number): string {
    const node = this.#nodes[row];
    const text = [this.#files[node?.file ?? 0]?.path, node?.container, node?.kind, node?.name, row].join('\n');
    return createHash('sha256').update(text).digest('hex').slice(0, 16);
  }
}

/** A generator of numbers in [0, 1) that gives the same ones for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Functions in files with random edges of random kinds, `contains` excepted; loops and duplicates included. */
/** Functions are no other names of anything. */
const KINDS_OF_FUNCTIONS = EDGE_KINDS.filter((kind) => kind !== 'contains' && kind !== 'value-alias');

export function randomGraph(seed: number, nodeCount: number, edgeCount: number): GraphColumns {
  const random = seededRandom(seed);
  const pick = (count: number): number => Math.floor(random() * count);
  const builder = new GraphColumnsBuilder();
  const files = Array.from({ length: Math.max(1, Math.floor(nodeCount / 10)) }, (_, at) =>
    builder.file(`src/f${at}.ts`),
  );
  const rows = [...files];
  while (rows.length < nodeCount) {
    const name = `fn${rows.length}_${'abcdef'[pick(6)]}`;
    rows.push(
      builder.node(files[pick(files.length)] ?? 0, 'function', {
        name,
        isExported: random() < 0.5,
        doc: `Doc ${pick(9)}`,
      }),
    );
  }
  for (let edge = 0; edge < edgeCount; edge += 1) {
    const kind = KINDS_OF_FUNCTIONS[pick(KINDS_OF_FUNCTIONS.length)] ?? 'calls';
    const provenance = random() < 0.8 ? 'typed' : 'syntax';
    builder.edge(pick(rows.length), pick(rows.length), { kind, provenance });
  }
  return builder.build();
}
