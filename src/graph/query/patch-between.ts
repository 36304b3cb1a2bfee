import type { GraphPatch, PatchedFile } from '../graph-patch.ts';
import type { GraphColumns, GraphEdges, GraphNodes } from '../graph-schema.ts';
import { REMOVED_EDGE } from './csr.ts';

/** Digits of an id that fit into an integer. */
const ID_DIGITS = 8;
/** Multipliers of Knuth's and of the FNV hash: the order of what is added does not matter, its content does. */
const SPREAD = 0x9e_37_79_b1;
const FNV = 16_777_619;

/**
 * What leads from one graph of a workspace to another: the files whose nodes or edges differ, by what they are and not by
 * their rows. Files are compared by sums over their rows, so two graphs of a million edges take a fraction of a second.
 */
export function patchBetween(before: GraphColumns, now: GraphColumns): GraphPatch {
  const former = sumsOf(before);
  const present = sumsOf(now);
  const differing = new Set<number>();
  const paths = new Set<string>();
  for (const [row, { path }] of now.files.entries()) {
    paths.add(path);
    if (former.get(path) !== present.get(path)) differing.add(row);
  }
  const removed = before.files.map(({ path }) => path).filter((path) => path !== '' && !paths.has(path));
  return { files: filesOf(now, differing), removed, unresolvedPackages: now.unresolvedPackages };
}

/** By path: numbers that differ when a file, its nodes or its edges do. */
function sumsOf({ files, nodes, edges }: GraphColumns): Map<string, string> {
  const ids = Int32Array.from(nodes.id, (id) => Number.parseInt(id.slice(0, ID_DIGITS), 16) | 0);
  const nodeSums = new Int32Array(files.length);
  for (let row = 0; row < nodes.count; row += 1) {
    const file = nodes.file[row] ?? -1;
    if (file < 0) continue;
    const place = mix(
      mix(nodes.start[row] ?? 0, nodes.end[row] ?? 0),
      mix(nodes.line[row] ?? 0, nodes.column[row] ?? 0),
    );
    const texts = mix(textSum(nodes.signature[row] ?? ''), textSum(nodes.doc[row] ?? ''));
    const sum = mix(mix(ids[row] ?? 0, place), mix(texts, nodes.flags[row] ?? 0));
    nodeSums[file] = ((nodeSums[file] ?? 0) + sum) | 0;
  }
  const edgeSums = new Int32Array(files.length);
  for (let row = 0; row < edges.count; row += 1) {
    const kind = edges.kind[row] ?? REMOVED_EDGE;
    if (kind === REMOVED_EDGE) continue;
    const ends = mix(ids[edges.source[row] ?? 0] ?? 0, ids[edges.target[row] ?? 0] ?? 0);
    const place = mix(edges.line[row] ?? 0, edges.column[row] ?? 0);
    const file = edges.file[row] ?? 0;
    const sum = mix(mix(ends, place), mix(kind, edges.provenance[row] ?? 0));
    edgeSums[file] = ((edgeSums[file] ?? 0) + sum) | 0;
  }
  return new Map(
    files.map(({ path, hash, state, note, unresolved }, row) => {
      return [path, [hash, state, note, unresolved, nodeSums[row], edgeSums[row]].join(' ')];
    }),
  );
}

function mix(one: number, two: number): number {
  return Math.imul(one ^ Math.imul(two, SPREAD), FNV) ^ (one >>> 15);
}

function textSum(text: string): number {
  let sum = text.length;
  for (let at = 0; at < text.length; at += 1) sum = Math.imul(sum ^ text.charCodeAt(at), FNV);
  return sum;
}

function filesOf({ files, nodes, edges }: GraphColumns, wanted: ReadonlySet<number>): PatchedFile[] {
  const nodeRows = rowsByFile(nodes.file, wanted);
  const edgeRows = rowsByFile(edges.file, wanted);
  return [...wanted].flatMap((row) => {
    const file = files[row];
    if (file === undefined) return [];
    const own = edgeRows.get(row) ?? [];
    const { ids, source, target } = endsOf(own, edges, nodes);
    return [
      { file, nodes: nodesAt(nodes, nodeRows.get(row) ?? []), ids, edges: edgesAt(edges, own, { source, target }) },
    ];
  });
}

function rowsByFile(files: Int32Array, wanted: ReadonlySet<number>): Map<number, number[]> {
  const rows = new Map([...wanted].map((file): [number, number[]] => [file, []]));
  for (const [row, file] of files.entries()) rows.get(file)?.push(row);
  return rows;
}

function nodesAt(nodes: GraphNodes, rows: readonly number[]): GraphNodes {
  const local = new Map(rows.map((row, at) => [row, at]));
  const ints = (column: Int32Array): Int32Array => Int32Array.from(rows, (row) => column[row] ?? 0);
  const bytes = (column: Uint8Array): Uint8Array => Uint8Array.from(rows, (row) => column[row] ?? 0);
  const texts = (column: readonly string[]): string[] => rows.map((row) => column[row] ?? '');
  return {
    count: rows.length,
    id: texts(nodes.id),
    name: texts(nodes.name),
    signature: texts(nodes.signature),
    doc: texts(nodes.doc),
    kind: bytes(nodes.kind),
    flags: bytes(nodes.flags),
    file: ints(nodes.file),
    container: Int32Array.from(rows, (row) => local.get(nodes.container[row] ?? -1) ?? -1),
    start: ints(nodes.start),
    end: ints(nodes.end),
    line: ints(nodes.line),
    column: ints(nodes.column),
  };
}

function edgesAt(
  edges: GraphEdges,
  rows: readonly number[],
  ends: { readonly source: Int32Array; readonly target: Int32Array },
): GraphEdges {
  const ints = (column: Int32Array): Int32Array => Int32Array.from(rows, (row) => column[row] ?? 0);
  const bytes = (column: Uint8Array): Uint8Array => Uint8Array.from(rows, (row) => column[row] ?? 0);
  return {
    count: rows.length,
    ...ends,
    kind: bytes(edges.kind),
    provenance: bytes(edges.provenance),
    file: ints(edges.file),
    line: ints(edges.line),
    column: ints(edges.column),
  };
}

function endsOf(
  rows: readonly number[],
  { source, target }: GraphEdges,
  nodes: GraphNodes,
): { ids: string[]; source: Int32Array; target: Int32Array } {
  const places = new Map<number, number>();
  const placeOf = (row: number): number => {
    const known = places.get(row) ?? places.size;
    places.set(row, known);
    return known;
  };
  const sources = Int32Array.from(rows, (row) => placeOf(source[row] ?? 0));
  const targets = Int32Array.from(rows, (row) => placeOf(target[row] ?? 0));
  return { ids: [...places.keys()].map((row) => nodes.id[row] ?? ''), source: sources, target: targets };
}
