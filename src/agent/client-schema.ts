import { z } from 'zod';
import { AGENT_MODES, agentTaskSchema } from './agent-schema.ts';
import { editBlockSchema } from './edit-blocks.ts';

/** What a client whose own model mends is asked and answered. */

const workspace = z.string().min(1).max(4096).optional().describe('Folder of the workspace; default: the current.');

export const agentWorkspaceInputSchema = z.object({ workspace });

export const agentNextInputSchema = z.object({
  workspace,
  taskId: z.string().min(1).max(64).optional().describe('This task; without it the most urgent one.'),
});
export type AgentNextInput = z.output<typeof agentNextInputSchema>;

export const agentNextAnswerSchema = z.object({
  workspace: z.string().describe('Root folder.'),
  task: agentTaskSchema
    .pick({
      taskId: true,
      source: true,
      rule: true,
      severity: true,
      path: true,
      line: true,
      symbol: true,
      message: true,
    })
    .optional()
    .describe('Absent when there is none.'),
  baseCommit: z.string().optional().describe('Commit that the code is of; give it back with the patch.'),
  code: z.string().optional().describe('Lines around the place, with their numbers.'),
  considered: z.array(z.string()).describe('What was tried or suggested before, and what came of it.'),
  rules: z.array(z.string()).describe('What a patch must keep to.'),
  note: z.string().optional().describe('How to go on.'),
});
export type AgentNextAnswer = z.infer<typeof agentNextAnswerSchema>;

export const agentSubmitInputSchema = z.object({
  taskId: z.string().min(1).max(64).describe('Task of agent_next.'),
  baseCommit: z
    .string()
    .regex(/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/)
    .describe('`baseCommit` of agent_next.'),
  edits: z.array(editBlockSchema).min(1).max(40).describe('Search/replace blocks; all must fit.'),
  title: z.string().trim().min(3).max(100).describe('What the patch does, in a line.'),
  explanation: z.string().max(2_000).default('').describe('Why it is right.'),
  mode: z.enum(AGENT_MODES).default('dry_run').describe('dry_run: verify. branch, pull_request: hand over, too.'),
});
export type AgentSubmitInput = z.output<typeof agentSubmitInputSchema>;
