import { findDependencyProblems } from '../analysis/dependency-findings.ts';
import type { DependencyFinding } from '../analysis/dependency-findings.ts';
import { usesByManifest } from '../analysis/dependency-use.ts';
import { isDeclarationFile } from '../analysis/file-exports.ts';
import type { OpenView } from '../graph-views.ts';
import type { ReportFacts } from '../metrics/report-facts.ts';
import { readManifests } from '../package-dependencies.ts';
import { kindMask } from './csr.ts';
import type { GraphView } from './graph-view.ts';
import type { Finding, Findings } from './report-answer.ts';

const LINKAGE = kindMask(['imports', 're-exports']);

/** Dependencies that package.json files lack, or name without need. */
export async function dependencyFindings({ root, view }: OpenView, { metrics }: ReportFacts): Promise<Findings> {
  const { files } = view.columns;
  const { byPath, notes } = await metrics.measure({ root, files });
  const manifests = await readManifests(
    root,
    files.map(({ path }) => path),
  );
  const lines = linkedLinesOf(view);
  const sources = [...byPath].map(([path, { modules }]) => ({ path, modules, linkedLines: lines.get(path) ?? NONE }));
  const ambient = new Set(sources.flatMap(({ modules }) => modules.declared));
  const found = findDependencyProblems(usesByManifest(manifests, sources), (name) => ambient.has(name));
  const items = found.map((problem) => findingOf(view, problem));
  const scope = `${manifests.length} package.json files; only TypeScript and JavaScript is read for imports`;
  return { items, notes: [scope, ...notes] };
}

function findingOf(view: GraphView, { name, path, line, isCertain, reason }: DependencyFinding): Finding {
  return { row: view.rowOfFile(path), kind: 'dependency', name, path, line, isCertain, reason };
}

const NONE: ReadonlySet<number> = new Set();

/** Lines by which files import others of the workspace; a declaration file may speak for a package that has no types. */
function linkedLinesOf(view: GraphView): ReadonlyMap<string, ReadonlySet<number>> {
  const { count, file, line, kind, target } = view.columns.edges;
  const lines = new Map<string, Set<number>>();
  for (let edge = 0; edge < count; edge += 1) {
    if (((LINKAGE >> (kind[edge] ?? 0)) & 1) === 0 || isDeclarationFile(view.pathOf(target[edge] ?? 0))) continue;
    const path = view.columns.files[file[edge] ?? 0]?.path ?? '';
    const known = lines.get(path) ?? new Set();
    lines.set(path, known.add(line[edge] ?? 0));
  }
  return lines;
}
