import { z } from 'zod';

/** The words of findings, and the questions and answers about them. */

/** In the order in which they are asked; stored by name. */
export const FINDING_SOURCES = ['graph', 'typescript', 'oxlint', 'eslint', 'biome', 'recipe', 'tests'] as const;
export type FindingSource = (typeof FINDING_SOURCES)[number];

/** Gravest first; stored by position: append only. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

export const CATEGORIES = ['bug', 'architecture', 'dead_code', 'style', 'duplication'] as const;
export type Category = (typeof CATEGORIES)[number];

export const FINDING_STATES = ['open', 'fixed', 'ignored'] as const;

/** One finding as a source makes it. */
export interface Found {
  readonly source: FindingSource;
  /** `graph/import-cycle`, `ts/2322`, `oxlint/eslint(no-debugger)`. */
  readonly rule: string;
  readonly category: Category;
  readonly severity: Severity;
  /** Relative to the workspace, with forward slashes. */
  readonly path: string;
  readonly line?: number | undefined;
  /** Of the symbol that it is about, when the source knows one. */
  readonly nodeId?: string | undefined;
  readonly symbol?: string | undefined;
  readonly message: string;
  readonly suggestion?: string | undefined;
  readonly evidence?: Readonly<Record<string, unknown>>;
}

/** What became of one source in a collection. `partial`: what it did not say again is not taken for fixed. */
export interface SourceReport {
  readonly source: FindingSource;
  readonly state: 'complete' | 'partial' | 'not_run';
  /** Why it was not run, or is partial; what it used. */
  readonly notes: readonly string[];
  readonly found: readonly Found[];
}

export const findingSchema = z.object({
  findingId: z.string().describe('Handle.'),
  source: z.enum(FINDING_SOURCES).describe('Who found it.'),
  rule: z.string().describe('Which rule.'),
  category: z.enum(CATEGORIES).describe('What kind of fault.'),
  severity: z.enum(SEVERITIES).describe('How grave.'),
  path: z.string().describe('Relative to the workspace.'),
  line: z.number().int().optional().describe('Where it was last seen, from 1.'),
  nodeId: z.string().optional().describe('Stable id of the symbol.'),
  symbol: z.string().optional().describe('Its name.'),
  message: z.string().describe('What is wrong.'),
  suggestion: z.string().optional().describe('What helps.'),
  evidence: z.record(z.string(), z.unknown()).describe('What it was concluded from.'),
  occurrences: z.number().int().describe('How often it was there when last seen.'),
  state: z.enum(FINDING_STATES).describe('State.'),
  reason: z.string().optional().describe('Why it is ignored.'),
  firstGeneration: z.number().int().optional().describe('Index of its first sight.'),
  lastGeneration: z.number().int().optional().describe('Index of its last sight.'),
  firstSeenAt: z.string().describe('ISO 8601.'),
  lastSeenAt: z.string().describe('ISO 8601.'),
  fixedAt: z.string().optional().describe('When it was missed first; ISO 8601.'),
});
export type Finding = z.infer<typeof findingSchema>;

const workspace = z.string().min(1).max(4096).optional().describe('Folder of the workspace; default: the current.');

export const findingCollectInputSchema = z.object({
  workspace,
  tests: z.boolean().default(false).describe('Also run its tests, which executes its code.'),
});

export const findingListInputSchema = z.object({
  workspace,
  state: z.enum(FINDING_STATES).default('open').describe('Only in this state.'),
  severity: z.enum(SEVERITIES).optional().describe('Only this grave or graver.'),
  category: z.enum(CATEGORIES).optional().describe('Only of this kind.'),
  source: z.enum(FINDING_SOURCES).optional().describe('Only of this source.'),
  rule: z.string().min(1).max(200).optional().describe('Only of this rule.'),
  path: z.string().min(1).max(200).optional().describe('Only under this prefix, or matching this glob.'),
  order: z.enum(['gravest', 'newest']).default('gravest').describe('What comes first.'),
  limit: z.number().int().min(1).max(200).default(50).describe('Findings a page.'),
  cursor: z.string().max(2_000).optional().describe('`nextCursor` of the page before.'),
});
export type FindingListInput = z.output<typeof findingListInputSchema>;

const countsSchema = z.object({
  open: z.number().int().describe('Open ones.'),
  fixed: z.number().int().describe('No longer seen.'),
  ignored: z.number().int().describe('Ignored ones.'),
});
export type FindingCounts = z.infer<typeof countsSchema>;

export const findingListAnswerSchema = z.object({
  workspace: z.string().describe('Root folder.'),
  findings: z.array(findingSchema).describe('In the order asked for.'),
  total: z.number().int().describe('On all pages.'),
  nextCursor: z.string().optional().describe('For the next page.'),
  counts: countsSchema.describe('Of the whole workspace, by state.'),
  note: z.string().optional().describe('How to read the answer, above all an empty one.'),
});
export type FindingListAnswer = z.infer<typeof findingListAnswerSchema>;

export const findingUpdateInputSchema = z.object({
  findingId: z.string().min(1).max(64).describe('Handle of the finding.'),
  action: z.enum(['ignore', 'reopen']).describe('ignore: stays so when it is seen again.'),
  reason: z.string().trim().min(1).max(500).optional().describe('Why it is ignored; needed for that.'),
});
export type FindingUpdateInput = z.output<typeof findingUpdateInputSchema>;
