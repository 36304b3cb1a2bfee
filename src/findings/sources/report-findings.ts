import { AppError } from '../../core/errors.ts';
import type { GraphService, ReportAnswer } from '../../graph/index.ts';
import type { Found, Severity, SourceReport } from '../finding-schema.ts';

type Reported = ReportAnswer['findings'][number];

/** Of each report; beyond this nobody reads on, and the source counts as partial. */
const MAX_A_REPORT = 5_000;
/** Above this a folder is hard to find one's way in: the threshold of the seed, `maxFilesPerDir`. */
const MAX_FILES_A_FOLDER = 50;

export interface GraphFindingsInput {
  readonly graph: Pick<GraphService, 'findView' | 'report'>;
  readonly root: string;
  /** Layering rules; without them layers are not checked, and the notes say so. */
  readonly layers: readonly string[];
}

/** What the reports on the code graph find: cycles, dead code, unused exports, broken layers, clones, packages, missing comments, crowded folders. */
export async function graphFindings({ graph, root, layers }: GraphFindingsInput): Promise<SourceReport> {
  const open = await graph.findView(root);
  if (open === undefined) {
    return { source: 'graph', state: 'not_run', notes: ['never indexed: call graph_index first'], found: [] };
  }
  const ask = (report: keyof typeof MAKERS): Promise<ReportAnswer> =>
    graph.report({ workspace: root, report, limit: MAX_A_REPORT, ...(report === 'layers' && { rules: [...layers] }) });
  const names = REPORTS.filter((name) => name !== 'layers' || layers.length > 0);
  const notes = layers.length === 0 ? ['layers: not checked, graph.layers is not configured'] : [];
  const found: Found[] = crowdedFolders(open.view.columns.files.map(({ path }) => path));
  let isPartial = false;
  for (const name of names) {
    const answer = await ask(name).catch(brokenReport);
    if (typeof answer === 'string') {
      isPartial = true;
      notes.push(`${name}: not checked, ${answer}`);
      continue;
    }
    found.push(...answer.findings.map((finding) => MAKERS[name](finding)));
    if (answer.note !== undefined) notes.push(`${name}: ${answer.note}`);
    // What was not read may hold the other half of what was found before, or name what seems to be unused.
    if ((name === 'clones' || name === 'dependencies') && NOT_READ.test(answer.note ?? '')) isPartial = true;
    if (answer.nextCursor !== undefined) {
      isPartial = true;
      notes.push(`${name}: the first ${MAX_A_REPORT} of ${answer.total}`);
    }
  }
  const pending = await open.sweep.countChanged();
  if (pending > 0) notes.push(`${pending} files were changed since the index: call graph_index for what is there now`);
  return { source: 'graph', state: isPartial ? 'partial' : 'complete', notes, found };
}

/** A rule of the configuration that is none, or a text that takes too long, takes only its own report with it. */
function brokenReport(error: unknown): string {
  if (error instanceof AppError && (error.code === 'invalid_input' || error.code === 'timed_out')) return error.message;
  throw error;
}

/** How the report on clones says that it did not read everything. */
const NOT_READ = /files were (?:not reached|changed since)/;

const REPORTS = ['cycles', 'dead_code', 'unused_exports', 'layers', 'clones', 'dependencies', 'undocumented'] as const;

const MAKERS = {
  cycles: (finding: Reported): Found => {
    const paths = (finding.places ?? []).map((step) => step.replace(/:\d+$/, ''));
    // The report says in words alone whether a cycle is there at run time.
    const isTypeOnly = finding.reason.includes('types only');
    return {
      ...placeOf(finding),
      rule: 'graph/import-cycle',
      category: 'architecture',
      severity: isTypeOnly ? 'info' : 'medium',
      message: `Import cycle: ${paths.join(' → ')}`,
      suggestion: 'Move what both sides need into a file of its own, or turn one import around.',
      evidence: { loop: finding.places ?? [], reason: finding.reason },
    };
  },
  dead_code: (finding: Reported): Found => ({
    ...placeOf(finding),
    rule: 'graph/dead-code',
    category: 'dead_code',
    severity: certain(finding, 'low'),
    message: `${finding.kind} ${finding.name}: ${finding.reason}`,
    suggestion: 'Delete it, after graph_trace with direction references has shown that nothing needs it.',
    evidence: { isCertain: finding.isCertain, reason: finding.reason },
  }),
  unused_exports: (finding: Reported): Found => ({
    ...placeOf(finding),
    rule: 'graph/unused-export',
    category: 'dead_code',
    severity: certain(finding, 'low'),
    message: `Export ${finding.name}: ${finding.reason}`,
    suggestion: 'Drop the `export`, or delete the declaration when nothing in its file uses it.',
    evidence: { isCertain: finding.isCertain, reason: finding.reason },
  }),
  layers: (finding: Reported): Found => ({
    ...placeOf(finding),
    rule: 'graph/layer',
    category: 'architecture',
    severity: 'high',
    message: finding.reason,
    suggestion: 'Invert the dependency, or move what is shared below both layers.',
    evidence: { reason: finding.reason },
  }),
  clones: (finding: Reported): Found => {
    const files = [...new Set((finding.places ?? []).map((place) => place.replace(/:[\d-]+$/, '')))];
    const kind = finding.isCertain ? 'The same code' : 'Nearly the same code';
    return {
      ...placeOf(finding),
      rule: 'graph/clone',
      category: 'duplication',
      severity: finding.reason.endsWith('beside the program') ? 'info' : certain(finding, 'low'),
      message: files.length === 1 ? `${kind} twice in this file` : `${kind} in ${files.join(', ')}`,
      suggestion: 'Give it a name and one place, unless the copies are meant to go different ways.',
      evidence: { places: finding.places ?? [], reason: finding.reason },
    };
  },
  dependencies: (finding: Reported): Found => {
    const isUnused = finding.path.endsWith('package.json');
    return {
      ...placeOf(finding),
      // A package is no symbol of the graph.
      nodeId: undefined,
      rule: isUnused ? 'graph/unused-dependency' : 'graph/undeclared-dependency',
      category: isUnused ? 'dead_code' : 'bug',
      severity: certain(finding, isUnused ? 'low' : 'medium'),
      message: `Package ${finding.name}: ${finding.reason}`,
      suggestion: isUnused ? 'Remove it, after the tests have passed without it.' : 'Declare it where it is used.',
      evidence: { isCertain: finding.isCertain, reason: finding.reason },
    };
  },
  undocumented: (finding: Reported): Found => ({
    ...placeOf(finding),
    rule: 'graph/missing-docs',
    category: 'style',
    severity: 'info',
    message: `${finding.kind} ${finding.name} has no comment, and is ${finding.reason}`,
    suggestion: 'Say what it is for, with units and errors where it has them.',
    evidence: { reason: finding.reason },
  }),
};

function placeOf({ id, name, path, line }: Reported) {
  return { source: 'graph', path, line, nodeId: id, symbol: name } as const;
}

function certain(finding: Reported, severity: Severity): Severity {
  return finding.isCertain ? severity : 'info';
}

function crowdedFolders(paths: readonly string[]): Found[] {
  const counts = new Map<string, number>();
  for (const path of paths) {
    const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.';
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  const crowded = [...counts].filter(([, count]) => count > MAX_FILES_A_FOLDER);
  return crowded.map(([path, files]) => ({
    source: 'graph',
    rule: 'graph/crowded-folder',
    category: 'architecture',
    severity: 'low',
    path,
    message: `${files} source files directly in one folder, more than ${MAX_FILES_A_FOLDER}`,
    suggestion: 'Part it into folders by idea.',
    evidence: { files, threshold: MAX_FILES_A_FOLDER },
  }));
}
