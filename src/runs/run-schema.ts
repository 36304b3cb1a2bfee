import { z } from 'zod';

export const RUN_STATUSES = [
  'pending',
  'running',
  'paused',
  'waiting_approval',
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

export const runSchema = z.object({
  runId: z.string().describe('Random 128-bit handle.'),
  kind: z.string().describe('What it does: graph_index, …'),
  title: z.string().describe('For people.'),
  status: z.enum(RUN_STATUSES).describe('State.'),
  progress: runProgressSchema.describe('How far it is.'),
  attempt: z.number().int().min(0).describe('1 at the first start; +1 each time it was recovered after a crash.'),
  input: z.unknown().describe('As given to its start.'),
  result: z.unknown().optional().describe('When completed.'),
  error: runErrorSchema.optional().describe('When failed.'),
  parentRunId: z.string().optional().describe('The run that started it.'),
  createdAt: z.string().describe('ISO 8601.'),
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

/** What a run's code is given. */
export interface RunContext {
  readonly runId: string;
  /** 1 at the first start, more after a recovery. */
  readonly attempt: number;
  /** Aborted when the run is cancelled or the process stops. */
  readonly signal: AbortSignal;
  /** Throttled: rows are written at most twice a second, and always for the last value. */
  readonly progress: (progress: RunProgress) => void;
  readonly log: (level: (typeof runLogLevels)[number], message: string) => void;
}

/** A kind of long work. `execute` may be repeated after a crash: its effects must be idempotent by `runId`. */
export interface RunKind<I> {
  readonly kind: string;
  readonly input: z.ZodType<I>;
  title(input: I): string;
  /** Returns a small JSON object; bulky results belong into tables. */
  execute(input: I, context: RunContext): Promise<Record<string, unknown>>;
}
