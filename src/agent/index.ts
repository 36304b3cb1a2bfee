/**
 * The agent that mends findings. Owns the tables `agent_task`, `agent_attempt`, `agent_pull_request` and `agent_outcome`. Invariants:
 * the user's own checkout is never written; nothing goes further than its evidence carries; what a person rejected is left
 * alone for a while; what was learned decides only where it beats its baseline; no secret is stored or sent.
 */
export {
  agentHealInputSchema,
  agentStatusAnswerSchema,
  agentTaskAnswerSchema,
  agentTaskInputSchema,
  agentTasksAnswerSchema,
  agentTasksInputSchema,
} from './agent-answers.ts';
export type {
  AgentHealInput,
  AgentStatusAnswer,
  AgentTaskAnswer,
  AgentTaskInput,
  AgentTasksAnswer,
  AgentTasksInput,
} from './agent-answers.ts';
export {
  AGENT_MODES,
  agentAttemptSchema,
  agentPullRequestSchema,
  agentTaskSchema,
  TASK_STATES,
} from './agent-schema.ts';
export type { AgentAttempt, AgentMode, AgentPullRequest, AgentTask, TaskState } from './agent-schema.ts';
export type { AgentStore } from './agent-store.ts';
export {
  renderAgentStatus,
  renderAgentTask,
  renderAgentTasks,
  renderFixability,
  renderTaskLine,
  renderWorkPacket,
} from './agent-text.ts';
export type { AttemptStore } from './attempt-store.ts';
export type { OutcomeStore } from './outcome-store.ts';
export type { PullRequestStore } from './pull-request-store.ts';
export { searchReplaceSchema, workPacketSchema } from './work-packet.ts';
export type { SearchReplace, WorkPacket } from './work-packet.ts';
