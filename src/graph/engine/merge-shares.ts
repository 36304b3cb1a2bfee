import type { GraphColumns, GraphEdges, GraphFile } from '../graph-schema.ts';

/** What one thread found: all nodes, and the edges and the outcome of its files. */
export interface ShareColumns {
  readonly columns: GraphColumns;
  readonly paths: ReadonlySet<string>;
}

/** One graph of the shares of a workspace, which have the same files and nodes. */
export function mergeShares(shares: readonly ShareColumns[]): GraphColumns {
  const [first] = shares;
  if (first === undefined) throw new RangeError('There are no shares.');
  const files = first.columns.files.map((file, row) => outcomeOf(file, row, shares));
  const packages = shares.flatMap(({ columns }) => columns.unresolvedPackages);
  const warnings = shares.flatMap(({ columns }) => columns.warnings);
  return {
    ...first.columns,
    files,
    edges: joined(shares.map(({ columns }) => columns.edges)),
    unresolvedPackages: [...new Set(packages)].toSorted(),
    warnings: [...new Set(warnings)],
  };
}

function outcomeOf(file: GraphFile, row: number, shares: readonly ShareColumns[]): GraphFile {
  const owner = shares.find(({ paths }) => paths.has(file.path));
  return owner?.columns.files[row] ?? file;
}

function joined(parts: readonly GraphEdges[]): GraphEdges {
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const ints = (column: (part: GraphEdges) => Int32Array): Int32Array => {
    const all = new Int32Array(count);
    fill(all, parts.map(column));
    return all;
  };
  const bytes = (column: (part: GraphEdges) => Uint8Array): Uint8Array => {
    const all = new Uint8Array(count);
    fill(all, parts.map(column));
    return all;
  };
  return {
    count,
    source: ints(({ source }) => source),
    target: ints(({ target }) => target),
    kind: bytes(({ kind }) => kind),
    provenance: bytes(({ provenance }) => provenance),
    file: ints(({ file }) => file),
    line: ints(({ line }) => line),
    column: ints(({ column }) => column),
  };
}

function fill<T extends { set(part: T, offset: number): void; readonly length: number }>(
  all: T,
  parts: readonly T[],
): void {
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
}
