import { NODE_KINDS } from '../graph-schema.ts';
import type { NodeKind } from '../graph-schema.ts';
import type { PackageEntries } from '../package-entries.ts';
import { neighboursOf } from '../query/csr.ts';
import { DEPENDENCIES, INHERITANCE, MODULES } from '../query/edge-groups.ts';
import { expandToUsers } from '../query/expansion.ts';
import type { GraphView } from '../query/graph-view.ts';
import { computeLiveness } from './liveness.ts';
import type { Liveness } from './liveness.ts';
import { isAmbient, isTypeMember, mayRunAtLoad } from './member-traits.ts';

export interface DeadFinding {
  readonly row: number;
  /** False when it could be used in a way that the graph does not see. */
  readonly isCertain: boolean;
  readonly reason: string;
}

/** Kinds that are findings of their own; fields and enum members live with their types. */
const REPORTED: ReadonlySet<NodeKind> = new Set(
  NODE_KINDS.filter((kind) => !['file', 'module', 'constructor', 'property', 'test', 'route'].includes(kind)),
);
const MAX_NAMED_USERS = 3;

/**
 * What nothing that runs uses, certain findings first and files that may be run by name last, each in the order of files
 * and lines. What lies in something dead is not named again.
 */
export function findDeadCode(view: GraphView, entries: PackageEntries): DeadFinding[] {
  const liveness = computeLiveness(view, entries);
  const found: DeadFinding[] = [];
  for (let row = 0; row < view.nodeCount; row += 1) {
    const finding =
      view.kindOf(row) === 'file' ? fileFinding(view, row, liveness) : symbolFinding(view, row, { liveness, entries });
    if (finding !== undefined) found.push(finding);
  }
  const order = (key: (finding: DeadFinding) => number) => (a: DeadFinding, b: DeadFinding) => key(a) - key(b);
  const byLine = order(({ row }) => view.lineOf(row));
  const byFile = order(({ row }) => view.columns.nodes.file[row] ?? 0);
  const byWeight = order(({ row, isCertain }) => (isCertain ? 0 : view.kindOf(row) === 'file' ? 2 : 1));
  return found.toSorted((a, b) => byWeight(a, b) || byFile(a, b) || byLine(a, b));
}

function fileFinding(view: GraphView, row: number, { roles, isLive }: Liveness): DeadFinding | undefined {
  if (!isLive(row)) {
    const importers = new Set(neighboursOf(view.reverse, row, MODULES).map((user) => view.pathOf(user)));
    return { row, isCertain: true, reason: `imported only by files that nothing loads: ${some([...importers])}` };
  }
  const role = roles.get(row);
  if (role === 'untyped') {
    const { state, note } = view.fileOf(row);
    return {
      row,
      isCertain: false,
      reason: `not typed (${state}${note === '' ? '' : `: ${note}`}), so its uses are unknown`,
    };
  }
  if (role !== 'unimported') return undefined;
  return { row, isCertain: false, reason: 'no file imports it; no test, entry, script or config by its name' };
}

interface Knowledge {
  readonly liveness: Liveness;
  readonly entries: PackageEntries;
}

function symbolFinding(view: GraphView, row: number, { liveness, entries }: Knowledge): DeadFinding | undefined {
  const how = liveness.assumed.get(row);
  if (how !== undefined) return { row, isCertain: false, reason: `no uses seen, but ${how}` };
  if (liveness.isLive(row) || !REPORTED.has(view.kindOf(row)) || isAmbient(view, row)) return undefined;
  if (isFolded(view, row, liveness)) return undefined;
  return { row, isCertain: entries.areKnown || !view.isExported(row), reason: reasonOf(view, row, entries) };
}

/** A finding around it says it already: an unused declaration, a file that nothing loads. */
function isFolded(view: GraphView, row: number, { isLive }: Liveness): boolean {
  const container = view.containerOf(row);
  if (view.kindOf(container) === 'file') return !isLive(container);
  return REPORTED.has(view.kindOf(container)) && !isLive(container);
}

function reasonOf(view: GraphView, row: number, entries: PackageEntries): string {
  const users = usersOf(view, row);
  const outside = users.filter((user) => !view.isWithin(user, row)).map((user) => view.qualifiedNameOf(user));
  const effect =
    view.kindOf(row) === 'variable' && mayRunAtLoad(view, row) ? ['its initializer runs all the same'] : [];
  if (outside.length > 0) return [`only used by other dead code: ${some(outside)}`, ...effect].join('; ');
  const uses = users.length > 0 ? 'only used by itself' : 'no uses';
  return [uses, ...visibilityOf(view, row, entries), ...effect].join('; ');
}

function visibilityOf(view: GraphView, row: number, { areKnown }: PackageEntries): string[] {
  if (!view.isExported(row)) return isTypeMember(view, row) ? [] : ['not exported'];
  if (!areKnown) return ['exported, and no package.json says what is wanted outside'];
  return isTypeMember(view, row) ? [] : ['exported, but offered by no package'];
}

/** Symbols that use it, by way of base declarations as well. To stand for a declaration is no use of it. */
function usersOf(view: GraphView, row: number): number[] {
  const users = new Set<number>();
  for (const target of [row, ...view.dispatch.constructorsOf(row)]) {
    expandToUsers(DEPENDENCIES & ~INHERITANCE)(view, target, (user) => users.add(user));
  }
  return [...users];
}

function some(names: readonly string[]): string {
  const more = names.length - MAX_NAMED_USERS;
  return `${names.slice(0, MAX_NAMED_USERS).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
