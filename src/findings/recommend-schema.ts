import { z } from 'zod';
import { CATEGORIES, SEVERITIES } from './finding-schema.ts';

/** What to do first: question and answer. */

export const recommendInputSchema = z.object({
  workspace: z.string().min(1).max(4096).optional().describe('Folder of the workspace; default: the current.'),
  path: z.string().min(1).max(200).optional().describe('Only from findings under this prefix, or matching this glob.'),
  category: z.enum(CATEGORIES).optional().describe('Only from findings of this kind.'),
  limit: z.number().int().min(1).max(50).default(10).describe('At most so many.'),
});
export type RecommendInput = z.output<typeof recommendInputSchema>;

export const RECOMMENDATION_KINDS = ['error_pattern', 'structural_issue', 'dead_code', 'style', 'duplication'] as const;
export type RecommendationKind = (typeof RECOMMENDATION_KINDS)[number];

const severityCountsSchema = z.record(z.enum(SEVERITIES), z.number().int());

const whySchema = z.object({
  findings: z.number().int().describe('Open findings of the rule.'),
  occurrences: z.number().int().describe('How often they are there.'),
  files: z.number().int().describe('Files or folders that they are in.'),
  bySeverity: severityCountsSchema.describe('Findings by severity.'),
  findingIds: z.array(z.string()).describe('The gravest of them.'),
  example: z.string().describe('What the gravest says.'),
});

export const recommendationSchema = z.object({
  id: z.string().describe('The rule that it is about; the same from one call to the next.'),
  kind: z.enum(RECOMMENDATION_KINDS).describe('What kind of work.'),
  title: z.string().describe('What to do.'),
  score: z.number().describe('Base priority times impact; higher goes first.'),
  scoreFormula: z.string().describe('How the score was computed.'),
  why: whySchema.describe('What it rests on.'),
  where: z.array(z.string()).describe('Paths with the number of findings, most first; the first of them.'),
  actionItems: z.array(z.string()).describe('Steps.'),
  effect: z.string().describe('What changes when it is done.'),
  effortHours: z.number().describe('By the rule, not measured.'),
  effortRule: z.string().describe('How the effort was computed.'),
});
export type Recommendation = z.infer<typeof recommendationSchema>;

export const recommendAnswerSchema = z.object({
  workspace: z.string().describe('Root folder.'),
  recommendations: z.array(recommendationSchema).describe('What to do first, first.'),
  total: z.number().int().describe('Recommendations in all.'),
  findings: z.number().int().describe('Open findings that they rest on.'),
  note: z.string().optional().describe('How to read the answer, above all an empty one.'),
});
export type RecommendAnswer = z.infer<typeof recommendAnswerSchema>;
