import { z } from 'zod';

/** What was seen of a change: the evidence that it works. */

const runSchema = z.object({
  exitCode: z.number().int().optional().describe('Absent where a signal or a limit ended it.'),
  endedBy: z.enum(['exit', 'signal', 'timeout', 'output', 'memory']).describe('How it ended.'),
  durationMs: z.number().int().describe('Milliseconds.'),
  diagnostics: z.number().int().optional().describe('Errors that it named, where it names them one by one.'),
  tail: z.string().describe('The end of its output, without secrets.'),
});
export type GateRun = z.infer<typeof runSchema>;

export const GATE_KINDS = ['types', 'lint', 'tests', 'build'] as const;

const gateSchema = z.object({
  kind: z.enum(GATE_KINDS).describe('What it looks at.'),
  command: z.string().describe('As the base commit has it.'),
  verdict: z
    .enum(['passed', 'failed', 'broken_before', 'not_run'])
    .describe('broken_before: no worse than at the base.'),
  reason: z.string().optional().describe('Why it failed or was not run.'),
  before: runSchema.optional().describe('At the base commit.'),
  after: runSchema.optional().describe('With the change.'),
  rerun: runSchema.optional().describe('With the change once more, where tests had failed.'),
  flaky: z.array(z.string()).describe('Tests that failed at first and passed when run again; at most 20.'),
  added: z.array(z.string()).describe('Diagnostics that the change brings; at most 20.'),
  removed: z.array(z.string()).describe('Diagnostics that it ends; at most 20.'),
});
export type Gate = z.infer<typeof gateSchema>;

const strengthSchema = z.object({
  mutants: z.number().int().describe('Small faults that were put into the changed files.'),
  killed: z.number().int().describe('Of them noticed by the gates.'),
  killedByTests: z.number().int().describe('Of those noticed by tests; the others by the compiler.'),
  survived: z.array(z.string()).describe('Those that nobody noticed, a line each; at most 10.'),
  seed: z.number().int().describe('By which they were drawn.'),
  durationMs: z.number().int().describe('Milliseconds.'),
  note: z.string().optional().describe('Why there are none, or fewer than wished.'),
});
export type VerifyStrength = z.infer<typeof strengthSchema>;

export const verifyReportSchema = z.object({
  verdict: z
    .enum(['verified', 'failed', 'refused', 'unproven'])
    .describe('refused: by the guard, nothing was run. unproven: no gate could judge it.'),
  reasons: z.array(z.string()).describe('A sentence each.'),
  target: z
    .object({ before: z.number().int(), after: z.number().int() })
    .optional()
    .describe('How often the finding was there before and after.'),
  gates: z.array(gateSchema).describe('In the order they were run.'),
  selection: z.string().optional().describe('How the tests were chosen.'),
  selectedTests: z.array(z.string()).describe('Test files chosen because they reach the change; empty: all or none.'),
  strength: strengthSchema.optional().describe('What the gates would have noticed.'),
  confinement: z
    .object({ network: z.boolean(), mounts: z.boolean(), pids: z.boolean(), memory: z.boolean() })
    .optional()
    .describe('What was in force around every program; false where any ran without it.'),
  durationMs: z.number().int().describe('Milliseconds.'),
  seed: z.number().int().describe('Of everything that was drawn.'),
});
export type VerifyReport = z.infer<typeof verifyReportSchema>;
