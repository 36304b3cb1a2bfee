import { z } from 'zod';
import { coverageSchema, EDGE_KINDS, NODE_KINDS, PROVENANCES } from './graph-schema.ts';

/** Questions and answers of the graph, as tools, resources and the REST interface show them. */

const TRACE_DIRECTIONS = ['callers', 'callees', 'references', 'impact', 'path', 'paths'] as const;
export type TraceDirection = (typeof TRACE_DIRECTIONS)[number];

const LOOKUP_MATCHES = ['one', 'many', 'none'] as const;

export const workspaceInput = z
  .string()
  .min(1)
  .max(4096)
  .optional()
  .describe('Folder of the workspace; default: the current.');
export const cursorInput = z.string().max(500).optional().describe('`nextCursor` of the page before.');
export const SYMBOL_FORMS = 'id, `Class.member`, `path#name`, a path or a bare name; exact spelling';
export const symbolInput = z.string().min(1).max(500);

export const searchInputSchema = z.object({
  workspace: workspaceInput,
  query: z.string().min(1).max(200).describe('Words, parts of names or paths; `/regex/i`; `*`: all.'),
  kind: z.enum(NODE_KINDS).optional().describe('Only this kind.'),
  path: z.string().min(1).max(200).optional().describe('Only paths with this prefix or glob.'),
  limit: z.number().int().min(1).max(100).default(20).describe('Hits a page.'),
  cursor: cursorInput,
});
export type SearchInput = z.output<typeof searchInputSchema>;

export const symbolInputSchema = z.object({
  workspace: workspaceInput,
  symbol: symbolInput.describe(`What to describe: ${SYMBOL_FORMS}.`),
  source: z.boolean().default(false).describe('With its source text.'),
});
export type SymbolInput = z.output<typeof symbolInputSchema>;

export const traceInputSchema = z.object({
  workspace: workspaceInput,
  symbol: symbolInput.describe(`Where to start: ${SYMBOL_FORMS}.`),
  direction: z.enum(TRACE_DIRECTIONS).describe('What to follow; `path` is the shortest to `to`, `paths` all.'),
  depth: z
    .number()
    .int()
    .min(1)
    .max(20)
    .optional()
    .describe('Steps; default 1, impact 5, paths the shortest + 2; not for references, path.'),
  minConfidence: z.number().min(0).max(1).optional().describe('Least confidence of dispatch.'),
  to: symbolInput.optional().describe('Where a path ends; same forms.'),
  limit: z.number().int().min(1).max(200).default(50).describe('Hits a page.'),
  objects: z.boolean().optional().describe('Hits as objects too.'),
  cursor: cursorInput,
});
export type TraceInput = z.output<typeof traceInputSchema>;

export const hitShape = {
  id: z.string().describe('Stable across edits.'),
  kind: z.enum(NODE_KINDS).describe('What it is.'),
  name: z.string().describe('With its containers: Class.method.'),
  path: z.string().describe('File, relative to the workspace.'),
  line: z.number().int().describe('Line of the name, from 1.'),
};
export const graphHitSchema = z.object(hitShape);
export type GraphHit = z.infer<typeof graphHitSchema>;

export const answerShape = {
  workspace: z.string().describe('Root folder.'),
  generation: z.number().int().describe('Which index answered; grows by each.'),
  indexedAt: z.string().describe('ISO 8601.'),
  note: z.string().optional().describe('How to read the answer, above all an empty one.'),
  coverage: coverageSchema.describe('What the index knows.'),
};
export const pageShape = {
  total: z.number().int().describe('Hits on all pages.'),
  nextCursor: z.string().optional().describe('For the next page.'),
};
export const lookupShape = {
  match: z.enum(LOOKUP_MATCHES).describe('How many symbols bear the name.'),
  candidates: z.array(graphHitSchema).describe('The choices when many, similar names when none.'),
};

export const searchAnswerSchema = z.object({
  hits: z.array(graphHitSchema).describe('Best first.'),
  ...pageShape,
  ...answerShape,
});
export type SearchAnswer = z.infer<typeof searchAnswerSchema>;

const symbolCountsSchema = z.object({
  callers: z.number().int().describe('Symbols that call or construct it.'),
  possibleCallers: z.number().int().describe('More of them, by way of a base declaration.'),
  callees: z.number().int().describe('Symbols that it calls or constructs.'),
  references: z.number().int().describe('Places that mention it.'),
  members: z.number().int().describe('Declarations directly inside.'),
  overriddenBy: z.number().int().describe('Members that override or implement it.'),
});

const symbolDetailSchema = z.object({
  ...hitShape,
  container: z.string().optional().describe('Names around it.'),
  column: z.number().int().describe('Column of the name, from 1.'),
  exported: z.boolean().describe('Visible outside its file.'),
  signature: z.string().describe('Header on one line.'),
  doc: z.string().optional().describe('First paragraph of its comment.'),
  counts: symbolCountsSchema.describe('How it is connected.'),
  members: z.array(graphHitSchema).describe('The first of them.'),
  notes: z.number().optional().describe('Notes on it, which note_query reads.'),
  source: z.string().optional().describe('Its text, when asked for.'),
  sourceNote: z.string().optional().describe('Why the text is missing or cut.'),
});
export type SymbolDetail = z.infer<typeof symbolDetailSchema>;

export const symbolAnswerSchema = z.object({
  ...lookupShape,
  symbol: symbolDetailSchema.optional().describe('When one matches.'),
  ...answerShape,
});
export type SymbolAnswer = z.infer<typeof symbolAnswerSchema>;

export const traceHitSchema = z.object({
  ...hitShape,
  depth: z.number().int().describe('Steps away.'),
  via: z.enum(EDGE_KINDS).describe('The relation of the last step.'),
  provenance: z.enum(PROVENANCES).describe('typed is certain; dispatch only possible.'),
  confidence: z.number().optional().describe('Of dispatch: how likely it goes there, of 1.'),
  useLine: z.number().int().describe('Line where the relation is written, in the file of the user.'),
  way: z.number().int().optional().describe('Of paths: which one.'),
  through: z.string().optional().describe('The symbol before it, from the second step on.'),
});
export type GraphTraceHit = z.infer<typeof traceHitSchema>;

type AnswerFrame = Pick<SearchAnswer, 'workspace' | 'generation' | 'indexedAt' | 'note' | 'coverage'>;

export interface TraceAnswer extends AnswerFrame, Pick<SearchAnswer, 'total' | 'nextCursor'> {
  readonly direction: TraceDirection;
  readonly match: SymbolAnswer['match'];
  readonly candidates: readonly GraphHit[];
  /** Where it starts. */
  readonly symbol?: GraphHit;
  /** Where a path ends. */
  readonly to?: GraphHit;
  /** Nearest and most certain first; of a path, its steps. */
  readonly hits: readonly GraphTraceHit[];
}

/** A trace as tools give it: its hits in lines. */
export const traceListingSchema = z.object({
  direction: z.enum(TRACE_DIRECTIONS).describe('As asked.'),
  match: lookupShape.match,
  candidates: lookupShape.candidates.optional(),
  symbol: graphHitSchema.optional().describe('Where it starts.'),
  to: graphHitSchema.optional().describe('Where a path ends.'),
  form: z.string().optional().describe('How to read a line of hits.'),
  hits: z
    .array(z.string())
    .describe('A line a file: its symbols, as `form` says; files of one folder below it. Of a path, a line a step.'),
  listed: z.number().int().describe('Hits on this page.'),
  objects: z.array(traceHitSchema).optional().describe('The same hits, when asked for.'),
  ...pageShape,
  ...answerShape,
});
export type TraceListing = z.infer<typeof traceListingSchema>;

const GRAPH_STATES = ['none', 'indexing', 'ready'] as const;

export const graphSummarySchema = z.object({
  workspace: z.string().describe('Root folder.'),
  state: z.enum(GRAPH_STATES).describe('none: never indexed; indexing: first index under way; ready: can answer.'),
  activeRunId: z.string().optional().describe('Index run under way.'),
  generation: z.number().int().optional().describe('Published index.'),
  indexedAt: z.string().optional().describe('ISO 8601.'),
  files: z.number().int().describe('Source files.'),
  typed: z.number().int().describe('Of them resolved by the type checker.'),
  syntax: z.number().int().describe('Of them known by syntax alone.'),
  nodes: z.number().int().describe('Symbols.'),
  edges: z.number().int().describe('Relations.'),
  unresolvedPackages: z.array(z.string()).describe('Imported but not installed; the first of them.'),
});
export type GraphSummary = z.infer<typeof graphSummarySchema>;
