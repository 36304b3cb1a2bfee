import type { ResolvedTargets } from '../type-source.ts';
import { IntColumn } from './int-column.ts';
import type { Target } from './symbol-resolver.ts';

/** Targets by candidate, as columns. */
export function targetColumns(targets: readonly (readonly Target[])[]): ResolvedTargets {
  const columns = { candidate: new IntColumn(), file: new IntColumn(), position: new IntColumn() };
  for (const [candidate, each] of targets.entries()) {
    for (const target of each) {
      columns.candidate.push(candidate);
      columns.file.push(target.file);
      columns.position.push(target.position);
    }
  }
  return {
    count: columns.candidate.length,
    candidate: columns.candidate.toInts(),
    file: columns.file.toInts(),
    position: columns.position.toInts(),
  };
}
