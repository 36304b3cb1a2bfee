import type { EngineName } from '../../../src/graph/graph-schema.ts';
import { isGraphReport, reportAnswerSchema, reportInputSchema } from '../../../src/graph/report-schema.ts';
import type { ReportInput } from '../../../src/graph/report-schema.ts';
import { renderReport } from '../../../src/graph/report-text.ts';
import { readPackageEntries } from '../../../src/graph/package-entries.ts';
import type { PackageEntries } from '../../../src/graph/package-entries.ts';
import { graphFindings } from '../../../src/graph/query/graph-findings.ts';
import { answerReport } from '../../../src/graph/query/report-answer.ts';
import type { GraphView } from '../../../src/graph/query/graph-view.ts';
import { viewOf } from '../../support/sample-graph.ts';
import { extractFolder } from '../engine/extract-folder.ts';
import { workspace } from '../discovery/workspace-fixture.ts';
import type { Files } from '../discovery/workspace-fixture.ts';

const FRAME = {
  workspace: '/w',
  generation: 1,
  indexedAt: '2026-01-01T00:00:00.000Z',
  coverage: { engine: 'ts-morph', typed: 1, syntax: 0, unresolved: 0, pending: 0, truncated: false },
} as const;

export interface IndexedFolder {
  readonly view: GraphView;
  readonly entries: PackageEntries;
}

/** A workspace of these files with its graph; a tsconfig is there unless one is given. */
export async function indexed(files: Files, engine: EngineName = 'ts-morph'): Promise<IndexedFolder> {
  const compilerOptions = {
    strict: true,
    module: 'esnext',
    moduleResolution: 'bundler',
    target: 'es2022',
    jsx: 'preserve',
  };
  const root = workspace({ 'tsconfig.json': { compilerOptions }, ...files });
  const { columns } = await extractFolder(root, { engine });
  return {
    view: viewOf(columns),
    entries: await readPackageEntries(
      root,
      columns.files.map(({ path }) => path),
    ),
  };
}

export function answerOf({ view, entries }: IndexedFolder, input: Partial<ReportInput> & Pick<ReportInput, 'report'>) {
  const parsed = reportInputSchema.parse(input);
  const { report, rules } = parsed;
  if (!isGraphReport(report)) throw new Error(`${report} needs more than the graph.`);
  const findings = graphFindings(view, { report, rules }, entries);
  const { body } = answerReport(view, parsed, findings);
  return reportAnswerSchema.parse({ ...body, ...FRAME });
}

/** The lines of findings as an agent sees them. */
export function linesOf(folder: IndexedFolder, input: Partial<ReportInput> & Pick<ReportInput, 'report'>): string[] {
  const answer = answerOf(folder, { limit: 200, ...input });
  return renderReport(answer)
    .split('\n')
    .slice(1, 1 + answer.findings.length);
}
