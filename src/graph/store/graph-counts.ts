import type { GraphColumns } from '../graph-schema.ts';
import { REMOVED_EDGE } from '../query/csr.ts';

export interface GraphCounts {
  readonly files: number;
  readonly typed: number;
  readonly syntax: number;
  /** Names, in all files. */
  readonly unresolved: number;
  readonly nodes: number;
  readonly edges: number;
}

/** What there is, without rows that are empty. */
export function graphCounts({ files, nodes, edges }: GraphColumns): GraphCounts {
  const there = files.filter(({ path }) => path !== '');
  return {
    files: there.length,
    typed: there.filter(({ state }) => state === 'typed').length,
    syntax: there.filter(({ state }) => state === 'syntax').length,
    unresolved: there.reduce((sum, file) => sum + file.unresolved, 0),
    nodes: nodes.id.reduce((count, id) => count + (id === '' ? 0 : 1), 0),
    edges: edges.kind.reduce((count, kind) => count + (kind === REMOVED_EDGE ? 0 : 1), 0),
  };
}
