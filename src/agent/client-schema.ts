import { z } from 'zod';
import { AGENT_MODES } from './agent-schema.ts';
import { editBlockSchema } from './edit-blocks.ts';
import { workPacketSchema } from './work-packet.ts';

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
  packet: workPacketSchema.optional().describe('Absent when there is nothing to do.'),
  baseCommit: z.string().optional().describe('Commit that the code is of; give it back with the patch.'),
  considered: z.array(z.string()).describe('What was tried or suggested before, and what came of it.'),
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
