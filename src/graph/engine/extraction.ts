import type { GraphColumns, GraphFile } from '../graph-schema.ts';
import type { FileScan, TypeSource, WorkspaceModel } from '../type-source.ts';
import { messageOf } from '../../core/errors.ts';
import { addEdgesOf } from './edge-rules.ts';
import { EdgeColumns } from './edge-columns.ts';
import { NodeTable } from './node-table.ts';

export interface ExtractOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number, message: string) => void;
}

/**
 * Drives an engine over a workspace: scans every file, then resolves the names file by file. A file that the engine
 * fails on keeps its declarations and is known by syntax alone.
 */
export function extractGraph(source: TypeSource, workspace: WorkspaceModel, options: ExtractOptions): GraphColumns {
  const table = new NodeTable(workspace.files, source.files());
  const scans: FileScan[] = [];
  const total = source.files().length;
  for (const [index, path] of source.files().entries()) {
    options.signal.throwIfAborted();
    options.onProgress(0, total, `reading ${index + 1} of ${total} files`);
    const scan = source.scan(path);
    table.add(scan, index);
    scans.push(scan);
  }
  const edges = new EdgeColumns();
  table.addContains(edges);
  const outcomes = new Map<string, Pick<GraphFile, 'state' | 'note' | 'unresolved'>>();
  for (const [index, scan] of scans.entries()) {
    options.signal.throwIfAborted();
    options.onProgress(index, total, `resolving ${scan.path}`);
    outcomes.set(scan.path, resolveFile(source, scan, { table, edges, index }));
  }
  options.onProgress(total, total, 'resolved');
  const failed = [...outcomes].filter(([, outcome]) => outcome.state === 'syntax');
  return {
    engine: source.engine,
    files: workspace.files.map((file) => ({ ...file, ...outcomes.get(file.path) })),
    nodes: table.toNodes(),
    edges: edges.toEdges(),
    unresolvedPackages: source.unresolvedPackages(),
    warnings: [...workspace.warnings, ...failed.map(([path, outcome]) => `${path}: ${outcome.note}`)],
  };
}

function resolveFile(
  source: TypeSource,
  scan: FileScan,
  into: { readonly table: NodeTable; readonly edges: EdgeColumns; readonly index: number },
): Pick<GraphFile, 'state' | 'note' | 'unresolved'> {
  const { candidates } = scan;
  try {
    const targets = source.resolve(scan.path, candidates.position);
    const unresolved = addEdgesOf({ scan, targets, inheritance: source.inheritance(scan.path) }, into);
    const error = source.syntaxError(scan.path);
    return { state: 'typed', note: error === undefined ? '' : `syntax error, ${error}`, unresolved };
  } catch (error) {
    return { state: 'syntax', note: `its types could not be resolved: ${messageOf(error)}`, unresolved: candidates.count };
  }
}
