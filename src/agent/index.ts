/**
 * The healing agent. Owns tasks, attempts, what was learned of them, and the runs that heal. Invariants: what is wrong is mended in a
 * private checkout; a fix is handed over only after it was verified by the checks of its base commit, and as far as its chance lets
 * it go; a person agrees before anything is pushed; what a person rejected is not tried again for a while.
 */
export {
  agentHealInputSchema,
  agentStatusAnswerSchema,
  agentTaskAnswerSchema,
  agentTaskInputSchema,
  agentTasksAnswerSchema,
  agentTasksInputSchema,
} from './agent-answers.ts';
export type { AgentHealInput } from './agent-answers.ts';
export type { AgentDaemon } from './agent-daemon.ts';
export type { AgentService } from './agent-service.ts';
export { renderAgentStatus, renderAgentTask, renderAgentTasks } from './agent-text.ts';
export type {
  CommittedFix,
  FixHosting,
  FixStanding,
  OpenFix,
  Proposal,
  ProposedFix,
  SeenProposal,
} from './fix-hosting.ts';
export {
  agentNextAnswerSchema,
  agentNextInputSchema,
  agentSubmitInputSchema,
  agentWorkspaceInputSchema,
} from './client-schema.ts';
export { renderAgentNext } from './client-text.ts';
export { transcriptAnswerSchema, transcriptInputSchema } from './transcript-schema.ts';
export { renderTranscript } from './transcript-text.ts';
export { HEAL_RUN_KIND } from './heal-input.ts';
export type { HealKit } from './heal-kit.ts';
export type { ModelFix, PatchModel } from './heal-ports.ts';
