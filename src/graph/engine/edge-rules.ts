import type { EdgeKind, NodeKind, Provenance } from '../graph-schema.ts';
import { isTestPath } from '../test-path.ts';
import { CANDIDATE_ROLES, TARGET } from '../type-source.ts';
import type { CandidateRole, FileScan, Inheritance, ResolvedTargets } from '../type-source.ts';
import type { EdgeColumns, EdgePlace } from './edge-columns.ts';
import type { NodeTable } from './node-table.ts';

export interface ResolvedFile {
  readonly scan: FileScan;
  readonly targets: ResolvedTargets;
  readonly inheritance: readonly Inheritance[];
}

export interface EdgeSink {
  readonly table: NodeTable;
  readonly edges: EdgeColumns;
  /** Place of the file in the engine's list. */
  readonly index: number;
  /** How the engine knows the targets. */
  readonly provenance: Provenance;
}

/** Adds all edges that are written in one file; returns how many names could not be resolved. */
export function addEdgesOf({ scan, targets, inheritance }: ResolvedFile, sink: EdgeSink): number {
  const { candidates } = scan;
  const fromTests = isTestPath(scan.path);
  let unresolved = 0;
  for (let row = 0; row < targets.count; row += 1) {
    const candidate = targets.candidate[row] ?? 0;
    const targetFile = targets.file[row] ?? TARGET.external;
    if (targetFile === TARGET.unresolved) unresolved += 1;
    if (targetFile < 0) continue;
    const target = sink.table.declaredAt(targetFile, targets.position[row] ?? 0);
    if (target === undefined) continue;
    const use = {
      role: CANDIDATE_ROLES[candidates.role[candidate] ?? 0] ?? 'reference',
      owner: sink.table.nodeAt(sink.index, candidates.owner[candidate] ?? -1),
      target,
      place: {
        file: sink.table.fileAt(sink.index),
        line: candidates.line[candidate] ?? 0,
        column: candidates.column[candidate] ?? 0,
      },
    };
    addUse(use, sink);
    if (fromTests) addTested(use, sink);
  }
  addMemberLinks(inheritance, sink);
  return unresolved;
}

interface Use {
  readonly role: CandidateRole;
  readonly owner: number;
  readonly target: number;
  readonly place: EdgePlace;
}

function addUse({ role, owner, target, place }: Use, { table, edges, provenance }: EdgeSink): void {
  const kind = edgeKindOf(role, table.kindOf(target));
  // `import { x } from './x'; export { x };`
  if (kind === 'exports' && table.fileOf(target) !== place.file) {
    edges.add({ source: place.file, target, kind: 're-exports' }, place, provenance);
    return;
  }
  // `ns` of `ns.member` stands for a whole file: the import has said so already.
  if (kind === 'references' && table.kindOf(target) === 'file') return;
  const isLinkage = kind === 'imports' || kind === 'exports' || kind === 're-exports';
  edges.add({ source: isLinkage ? place.file : owner, target, kind }, place, provenance);
}

/** What can be called. */
const CALLABLE: ReadonlySet<NodeKind> = new Set<NodeKind>(['function', 'method', 'component']);
const VALUES: ReadonlySet<NodeKind> = new Set<NodeKind>([...CALLABLE, 'class', 'variable', 'enum']);
const PROPERTIES: ReadonlySet<NodeKind> = new Set<NodeKind>(['property', 'method', 'accessor']);

interface KindRule {
  readonly kind: EdgeKind;
  /** Targets of these kinds make another edge. */
  readonly besides?: { readonly targets: ReadonlySet<NodeKind>; readonly kind: EdgeKind };
}

const KIND_RULES: Readonly<Record<CandidateRole, KindRule>> = {
  call: { kind: 'calls' },
  construct: { kind: 'constructs', besides: { targets: new Set(['constructor']), kind: 'calls' } },
  reference: { kind: 'references' },
  type: { kind: 'type-uses' },
  extends: { kind: 'extends' },
  implements: { kind: 'implements' },
  decorator: { kind: 'decorates' },
  import: { kind: 'imports' },
  export: { kind: 'exports' },
  're-export': { kind: 're-exports' },
  write: { kind: 'writes' },
  alias: { kind: 'references', besides: { targets: VALUES, kind: 'value-alias' } },
  argument: { kind: 'references', besides: { targets: CALLABLE, kind: 'passes' } },
  handler: { kind: 'references', besides: { targets: CALLABLE, kind: 'routes' } },
  render: { kind: 'renders' },
  key: { kind: 'writes' },
  shorthand: { kind: 'references', besides: { targets: PROPERTIES, kind: 'writes' } },
};

function edgeKindOf(role: CandidateRole, target: NodeKind): EdgeKind {
  const { kind, besides } = KIND_RULES[role];
  return besides?.targets.has(target) === true ? besides.kind : kind;
}

/** Ways to use what is tested. */
const TESTING: ReadonlySet<CandidateRole> = new Set(['call', 'construct', 'reference', 'alias', 'argument', 'render']);

/** The innermost test around a use tests what is used, unless that is part of the tests itself. */
function addTested({ role, owner, target, place }: Use, { table, edges, index, provenance }: EdgeSink): void {
  if (!TESTING.has(role)) return;
  if (table.kindOf(target) === 'file' || isTestNode(table, target)) return;
  let test = owner;
  while (test >= 0 && table.kindOf(test) !== 'test') test = table.containerOf(test);
  if (test < 0 || table.fileOf(target) === table.fileAt(index)) return;
  edges.add({ source: test, target, kind: 'tests' }, place, provenance);
}

function isTestNode(table: NodeTable, node: number): boolean {
  return isTestPath(table.pathOf(node));
}

function addMemberLinks(inheritance: readonly Inheritance[], { table, edges, index, provenance }: EdgeSink): void {
  for (const link of inheritance) {
    const source = table.declaredAt(index, link.nameStart);
    const target = table.declaredAt(table.engineFile(link.targetFile), link.targetNameStart);
    if (source === undefined || target === undefined || source === target) continue;
    edges.add({ source, target, kind: link.kind }, table.placeOf(source), provenance);
  }
}
