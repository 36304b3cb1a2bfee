import { ENGINE_KNOWLEDGE } from '../graph-schema.ts';
import type { GraphColumns, GraphFile } from '../graph-schema.ts';
import type { FileScan, TypeSource, WorkspaceModel } from '../type-source.ts';
import { AppError, messageOf } from '../../core/errors.ts';
import { addEdgesOf } from './edge-rules.ts';
import { EdgeColumns } from './edge-columns.ts';
import { NodeTable } from './node-table.ts';

export interface ExtractOptions {
  readonly signal: AbortSignal;
  /** `file` is the one whose types are being resolved. */
  readonly onProgress: (progress: ExtractProgress) => void;
  /** Files whose types must not be asked for, with the reason: former attempts died of them. */
  readonly untyped?: ReadonlyMap<string, string>;
  /** Relative paths of the files whose names are resolved; all without it. The others are only scanned. */
  readonly share?: ReadonlySet<string> | undefined;
}

export interface ExtractProgress {
  readonly done: number;
  readonly total: number;
  readonly message: string;
  readonly file?: string;
}

/** A graph with what it takes to bring it to a newer state of the workspace. */
export interface Extraction {
  readonly columns: GraphColumns;
  readonly table: NodeTable;
  /** Edges written in the engine's file `n` stand from `edgeOffsets[n]` to before `edgeOffsets[n + 1]`. */
  readonly edgeOffsets: readonly number[];
}

/**
 * Drives an engine over a workspace: scans every file, then resolves the names file by file. A file that the engine
 * fails on keeps its declarations and is known by syntax alone.
 */
export function extractGraph(source: TypeSource, workspace: WorkspaceModel, options: ExtractOptions): GraphColumns {
  return extractForUpdates(source, workspace, options).columns;
}

/** The same, with what later updates need. */
export function extractForUpdates(source: TypeSource, workspace: WorkspaceModel, options: ExtractOptions): Extraction {
  const table = new NodeTable(workspace.files, source.files());
  const scans: FileScan[] = [];
  const failures = new Map(options.untyped);
  const total = source.files().length;
  for (const [index, path] of source.files().entries()) {
    options.signal.throwIfAborted();
    options.onProgress({ done: 0, total, message: `reading ${index + 1} of ${total} files` });
    const scan = scanOf(source, path, failures);
    table.add(scan, index);
    scans.push(scan);
  }
  const edges = new EdgeColumns();
  const edgeOffsets: number[] = [];
  const outcomes = resolveAll(source, scans, { table, edges, edgeOffsets, options, failures });
  options.onProgress({ done: outcomes.size, total: outcomes.size, message: 'resolved' });
  const files = workspace.files.map((file) => withOutcome(file, outcomes.get(file.path)));
  const noted = files.filter(({ note }) => note !== '');
  const columns = {
    engine: source.engine,
    files,
    nodes: table.toNodes(),
    edges: edges.toEdges(),
    unresolvedPackages: source.unresolvedPackages(),
    warnings: [...workspace.warnings, ...noted.map(({ path, state, note }) => `${path} (${state}): ${note}`)],
  };
  return { columns, table, edgeOffsets };
}

export type Outcome = Pick<GraphFile, 'state' | 'note' | 'unresolved'>;

interface Resolution {
  readonly table: NodeTable;
  readonly edges: EdgeColumns;
  readonly edgeOffsets: number[];
  readonly options: ExtractOptions;
  /** Files that must not be resolved, with the reason. */
  readonly failures: ReadonlyMap<string, string>;
}

/** Outcomes by path. */
function resolveAll(source: TypeSource, scans: readonly FileScan[], resolution: Resolution): Map<string, Outcome> {
  const { table, edges, edgeOffsets, options, failures } = resolution;
  const outcomes = new Map<string, Outcome>();
  const { share } = options;
  const total = share?.size ?? scans.length;
  let project = '';
  for (const [index, scan] of scans.entries()) {
    options.signal.throwIfAborted();
    edgeOffsets.push(edges.length);
    if (share?.has(scan.path) === false) continue;
    const done = outcomes.size;
    const next = source.projectOf(scan.path);
    if (next !== project) options.onProgress({ done, total, message: `loading ${next}` });
    project = next;
    const reason = failures.get(scan.path) ?? failureToPrepare(source, scan.path);
    options.onProgress({ done, total, message: `resolving ${scan.path}`, file: scan.path });
    table.addContains(index, edges);
    const outcome = reason === undefined ? resolveFile(source, scan, { table, edges, index }) : untyped(scan, reason);
    outcomes.set(scan.path, outcome);
  }
  edgeOffsets.push(edges.length);
  return outcomes;
}

function failureToPrepare(source: TypeSource, path: string): string | undefined {
  try {
    source.prepare(path);
    return undefined;
  } catch (error) {
    throwIfLost(error);
    return messageOf(error);
  }
}

/** A compiler that is gone knows nothing of the other files either. */
function throwIfLost(error: unknown): void {
  if (error instanceof AppError && error.code === 'upstream_failed') throw error;
}

/** What was known about the text of a file stays known. */
export function withOutcome(file: GraphFile, outcome: Outcome | undefined): GraphFile {
  if (outcome === undefined) return file;
  return { ...file, ...outcome, note: [file.note, outcome.note].filter((note) => note !== '').join('; ') };
}

function untyped(scan: FileScan, reason: string): Outcome {
  return { state: 'syntax', note: `its types could not be resolved: ${reason}`, unresolved: scan.candidates.count };
}

/** A file that can't be scanned has no declarations; the others have theirs. */
function scanOf(source: TypeSource, path: string, failures: Map<string, string>): FileScan {
  try {
    return source.scan(path);
  } catch (error) {
    throwIfLost(error);
    failures.set(path, messageOf(error));
    const none = new Int32Array(0);
    return {
      path,
      nodes: [],
      candidates: { count: 0, position: none, role: new Uint8Array(0), owner: none, line: none, column: none },
    };
  }
}

export function resolveFile(
  source: TypeSource,
  scan: FileScan,
  into: { readonly table: NodeTable; readonly edges: EdgeColumns; readonly index: number },
): Outcome {
  const { candidates } = scan;
  try {
    const targets = source.resolve(scan.path, candidates.position);
    const knowledge = ENGINE_KNOWLEDGE[source.engine];
    const sink = { ...into, provenance: knowledge };
    const unresolved = addEdgesOf({ scan, targets, inheritance: source.inheritance(scan.path) }, sink);
    const error = source.syntaxError(scan.path);
    return { state: knowledge, note: error === undefined ? '' : `syntax error, ${error}`, unresolved };
  } catch (error) {
    throwIfLost(error);
    return untyped(scan, messageOf(error));
  }
}
