import { z } from 'zod';
import { answerShape, cursorInput, hitShape, pageShape, workspaceInput } from './graph-answers.ts';

/** Question and answer of the reports on a whole workspace. */

const REPORTS = ['cycles', 'dead_code', 'unused_exports', 'layers', 'hubs'] as const;
export type ReportName = (typeof REPORTS)[number];

const pathPattern = z.string().min(1).max(200);

export const reportInputSchema = z.object({
  workspace: workspaceInput,
  report: z.enum(REPORTS).describe('Which report.'),
  path: pathPattern.optional().describe('Only findings under this prefix or glob.'),
  rules: z
    .array(z.object({ from: pathPattern, mayNotImport: pathPattern }))
    .min(1)
    .max(50)
    .optional()
    .describe('For layers: prefixes or globs.'),
  limit: z.number().int().min(1).max(200).default(50).describe('Findings a page.'),
  cursor: cursorInput,
});
export type ReportInput = z.output<typeof reportInputSchema>;

const importSchema = z.object({
  path: z.string().describe('The file that imports.'),
  line: z.number().int().describe('Where.'),
});

const findingSchema = z.object({
  ...hitShape,
  isCertain: z.boolean().describe('False: could be used in a way that the graph does not see.'),
  reason: z.string().describe('Why it is a finding.'),
  loop: z.array(importSchema).optional().describe('Of a cycle: its imports; the last leads back to the first.'),
});
export type ReportFinding = z.infer<typeof findingSchema>;

export const reportAnswerSchema = z.object({
  report: z.enum(REPORTS).describe('As asked.'),
  findings: z.array(findingSchema).describe('Most certain or weighty first.'),
  ...pageShape,
  ...answerShape,
});
export type ReportAnswer = z.infer<typeof reportAnswerSchema>;
