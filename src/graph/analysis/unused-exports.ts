import type { PackageEntries } from '../package-entries.ts';
import { neighboursOf } from '../query/csr.ts';
import { EXPORTS, USES } from '../query/edge-groups.ts';
import type { GraphView } from '../query/graph-view.ts';
import { FileExports } from './file-exports.ts';
import { fileLinksOf } from './file-links.ts';
import { fileRolesOf } from './file-roles.ts';
import { LoadPlan } from './load-plan.ts';

export interface UnusedExport {
  readonly row: number;
  readonly reason: string;
  /** A type that another export of its file is declared with: whoever uses that may want to name it. */
  readonly isShape: boolean;
}

const OTHER_USES = USES & ~EXPORTS;
const SHAPES: ReadonlySet<string> = new Set(['interface', 'type', 'enum', 'class']);

/**
 * Symbols that are exported although no other file uses them or anything in them, and no package offers them. What a
 * barrel passes on is not used by that. Files that run by themselves may export for whoever runs them.
 */
export function findUnusedExports(view: GraphView, entries: PackageEntries): UnusedExport[] {
  const links = fileLinksOf(view);
  const exports = new FileExports(view, links);
  const plan = new LoadPlan(view, links, exports);
  const roles = fileRolesOf(view, links, entries);
  const files = [...roles].filter(
    ([file, role]) => role === 'imported' || (role === 'test' && plan.importedFiles.has(file)),
  );
  const offered = new Set<number>();
  const standing = [...roles].filter(([, role]) => role !== 'imported' && role !== 'test');
  for (const [file] of standing) for (const row of exports.of(file)) offered.add(row);
  // Wanted in a way that the graph does not see: a module passed on as a whole.
  for (const [file] of roles) for (const row of plan.namedBy(file)) offered.add(row);
  const found: UnusedExport[] = [];
  for (const [file] of files) {
    for (const row of exports.of(file)) {
      if (offered.has(row) || plan.fileOf(row) !== file) continue;
      const own = ownUsesOf(view, row);
      if (own !== undefined) found.push(shaped(view, row, own));
    }
  }
  return found.toSorted((a, b) => Number(a.isShape) - Number(b.isShape) || a.row - b.row);
}

/** Edges from its own file to a symbol or what lies in it; undefined when another file has one. */
function ownUsesOf(view: GraphView, row: number): number[] | undefined {
  const uses: number[] = [];
  const { nodes, edges } = view.columns;
  for (const part of view.withDescendants(row)) {
    const { starts, ends, edge, kind } = view.reverse;
    for (let at = starts[part] ?? 0; at < (ends[part] ?? 0); at += 1) {
      if (((OTHER_USES >> (kind[at] ?? 0)) & 1) === 0) continue;
      const use = edge[at] ?? 0;
      if (edges.file[use] !== nodes.file[row]) return undefined;
      if (!view.isWithin(edges.source[use] ?? 0, row)) uses.push(use);
    }
  }
  return uses;
}

function shaped(view: GraphView, row: number, own: readonly number[]): UnusedExport {
  const declares = (use: number): boolean => isHeader(view, view.columns.edges.source[use] ?? 0, row);
  const isShape = SHAPES.has(view.kindOf(row)) && own.some(declares);
  const barrels = neighboursOf(view.reverse, row, EXPORTS).filter((user) => view.pathOf(user) !== view.pathOf(row));
  const passed = [...new Set(barrels.map((user) => view.pathOf(user)))].join(', ');
  const reason = [
    own.length === 0 ? 'no uses at all' : `used in its own file only, ${own.length} times`,
    ...(isShape ? ['another export is declared with it'] : []),
    ...(passed === '' ? [] : [`passed on by ${passed}`]),
  ].join('; ');
  return { row, reason, isShape };
}

/** Whether a user is exported and names the type in its header. */
function isHeader(view: GraphView, user: number, type: number): boolean {
  if (user === type || !view.isExported(user)) return false;
  const words = new Set(view.columns.nodes.signature[user]?.match(/[\w$]+/g));
  return words.has(view.nameOf(type));
}
