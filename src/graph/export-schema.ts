import { z } from 'zod';
import { answerShape, workspaceInput } from './graph-answers.ts';
import { EDGE_KINDS } from './graph-schema.ts';

/** Question and answer of an export of the graph. */

export const EXPORT_FORMATS = ['json', 'graphml', 'mermaid', 'dot', 'scip'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const EXPORT_LEVELS = ['file', 'symbol'] as const;
export type ExportLevel = (typeof EXPORT_LEVELS)[number];

export const exportInputSchema = z.object({
  workspace: workspaceInput,
  format: z
    .enum(EXPORT_FORMATS)
    .describe('json and graphml for programs, mermaid and dot to draw, scip for code intelligence.'),
  path: z.string().min(1).max(200).optional().describe('Only files with this prefix, or matching this glob.'),
  level: z
    .enum(EXPORT_LEVELS)
    .optional()
    .describe('What a node is; default: file for mermaid and dot, else symbol. scip is always of symbols.'),
  kinds: z
    .array(z.enum(EDGE_KINDS))
    .min(1)
    .max(EDGE_KINDS.length)
    .optional()
    .describe('Only these relations; default: all; to draw files imports, to draw symbols all but contains.'),
  maxNodes: z
    .number()
    .int()
    .min(1)
    .max(10_000_000)
    .optional()
    .describe('The most connected of them; default: 100 for mermaid, 500 for dot, else all.'),
});
export type ExportInput = z.output<typeof exportInputSchema>;

export const exportAnswerSchema = z.object({
  format: z.enum(EXPORT_FORMATS).describe('As asked.'),
  level: z.enum(EXPORT_LEVELS).describe('What a node is.'),
  nodes: z.number().int().describe('Nodes exported.'),
  edges: z.number().int().describe('Relations exported; of scip, occurrences.'),
  bytes: z.number().int().describe('Size of the export.'),
  content: z.string().optional().describe('The export itself, when it is small text.'),
  file: z.string().optional().describe('Absolute path of the file that holds it otherwise.'),
  notes: z.array(z.string()).describe('What was left out, and what is approximate.'),
  ...answerShape,
});
export type ExportAnswer = z.infer<typeof exportAnswerSchema>;
