import { z } from 'zod';
import { answerShape, cursorInput, hitShape, pageShape, workspaceInput } from './graph-answers.ts';

/** Question and answer of the reports on a whole workspace. */

const GRAPH_REPORTS = ['cycles', 'dead_code', 'unused_exports', 'layers', 'hubs', 'undocumented'] as const;
/** Those that need more than the graph: texts, history, manifests. */
const FACT_REPORTS = ['complexity', 'clones', 'hotspots', 'co_change', 'dependencies'] as const;
const REPORTS = [...GRAPH_REPORTS, ...FACT_REPORTS] as const;
export type GraphReportName = (typeof GRAPH_REPORTS)[number];
export type FactReportName = (typeof FACT_REPORTS)[number];

export function isGraphReport(report: ReportInput['report']): report is GraphReportName {
  return GRAPH_REPORTS.some((name) => name === report);
}

/** The list of tools is read by agents at every start: schemas here are as short as can be. */
export const reportInputSchema = z.object({
  workspace: workspaceInput,
  report: z.enum(REPORTS).describe('Which report.'),
  path: z.string().max(200).optional().describe('Only findings under this prefix or glob.'),
  rules: z
    .array(z.string().max(400))
    .max(50)
    .optional()
    .describe('For layers: `src/core/** !> src/server/**`: may not import.'),
  limit: z.number().int().min(1).max(200).default(50).describe('Findings a page.'),
  cursor: cursorInput,
});
export type ReportInput = z.output<typeof reportInputSchema>;

const findingSchema = z.object({
  ...hitShape,
  kind: z.string().describe('What it is.'),
  isCertain: z.boolean().describe('False: could be used in a way that the graph does not see.'),
  reason: z.string().describe('Why it is a finding.'),
  places: z.array(z.string()).optional().describe('All of it, as `path:line`; a cycle ends in its first file.'),
});
export type ReportFinding = z.infer<typeof findingSchema>;

export const reportAnswerSchema = z.object({
  report: z.string().describe('As asked.'),
  findings: z.array(findingSchema).describe('Most certain or weighty first.'),
  ...pageShape,
  ...answerShape,
});
export type ReportAnswer = z.infer<typeof reportAnswerSchema>;
