import { z } from 'zod';

export const RUN_STATUSES = [
  'pending',
  'running',
  'paused',
  'waiting_approval',
  'waiting_input',
  'completed',
  'failed',
  'cancelled',
] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/** A run in one of these never changes again. */
export const TERMINAL_STATUSES = ['completed', 'failed', 'cancelled'] as const satisfies readonly RunStatus[];

export function isTerminal(status: RunStatus): boolean {
  return TERMINAL_STATUSES.some((terminal) => terminal === status);
}

/** Until somebody answers what the run asks. */
export const WAITING_STATUSES = ['waiting_approval', 'waiting_input'] as const satisfies readonly RunStatus[];

export function isWaiting(status: RunStatus): boolean {
  return WAITING_STATUSES.some((waiting) => waiting === status);
}

export const runProgressSchema = z.object({
  done: z.number().min(0).describe('Units finished.'),
  total: z.number().min(0).describe('Units in all; 0 while unknown.'),
  unit: z.string().describe('What is counted: files, rows, steps.'),
  message: z.string().describe('What happens now.'),
});
export type RunProgress = z.infer<typeof runProgressSchema>;

export const runErrorSchema = z.object({
  code: z.string().describe('Error code.'),
  message: z.string().describe('What failed and why.'),
  hint: z.string().optional().describe('What to do next.'),
});
export type RunError = z.infer<typeof runErrorSchema>;

/** What may be spent, by unit. Each is counted over all attempts. */
const BUDGET_UNITS = ['operations', 'tokens', 'usd'] as const;
export type BudgetUnit = (typeof BUDGET_UNITS)[number];

export const budgetSchema = z.strictObject({
  operations: z.number().min(0).optional().describe('Most operations.'),
  tokens: z.number().min(0).optional().describe('Most tokens of a model.'),
  usd: z.number().min(0).optional().describe('Most US dollars.'),
});
export type Budget = z.infer<typeof budgetSchema>;

export const runQuestionSchema = z.object({
  message: z.string().describe('What is asked.'),
  schema: z.record(z.string(), z.unknown()).optional().describe('JSON Schema of the content; absent: approve, reason.'),
});
export type RunQuestion = z.infer<typeof runQuestionSchema>;

export const DEFAULT_PRIORITY = 5;
export const prioritySchema = z.number().int().min(1).max(10);

export const runSchema = z.object({
  runId: z.string().describe('Random 128-bit handle.'),
  kind: z.string().describe('What it does: graph_index, …'),
  title: z.string().describe('For people.'),
  status: z.enum(RUN_STATUSES).describe('State.'),
  progress: runProgressSchema.describe('How far it is.'),
  attempt: z
    .number()
    .int()
    .min(0)
    .describe('1 at the first start; +1 each time it goes on after a crash, pause, approval or retry.'),
  input: z.unknown().describe('As given to its start.'),
  result: z.unknown().optional().describe('When completed.'),
  error: runErrorSchema.optional().describe('When failed.'),
  parentRunId: z.string().optional().describe('The run that started it.'),
  priority: z.number().int().describe('1 to 10; 10 goes first.'),
  deadlineAt: z.string().optional().describe('ISO 8601; then it fails.'),
  budget: budgetSchema.optional().describe('Most that it may spend.'),
  spent: budgetSchema.optional().describe('What it has spent.'),
  approval: z.string().optional().describe('The question that waits for approve or reject.'),
  questions: z.record(z.string(), runQuestionSchema).optional().describe('By key; run_answer answers them.'),
  createdAt: z.string().describe('ISO 8601.'),
  updatedAt: z.string().describe('ISO 8601.'),
  startedAt: z.string().optional().describe('ISO 8601.'),
  endedAt: z.string().optional().describe('ISO 8601.'),
});
export type Run = z.infer<typeof runSchema>;

export const runLogLevels = ['debug', 'info', 'warn', 'error'] as const;

export const runEventSchema = z.object({
  sequence: z.number().int().describe('Grows by time within a run.'),
  runId: z.string().describe('Its run.'),
  at: z.string().describe('ISO 8601.'),
  level: z.enum(runLogLevels).describe('Severity.'),
  message: z.string().describe('What happened.'),
});
export type RunEvent = z.infer<typeof runEventSchema>;
