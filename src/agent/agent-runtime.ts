/**
 * What the agent is made of where it executes. For the files that put the system together: others know the words of
 * `index.ts`, which load none of this.
 */
export { AgentDaemon } from './agent-daemon.ts';
export { AgentService } from './agent-service.ts';
export { agentModeOf } from './agent-settings.ts';
export { AgentStore } from './agent-store.ts';
export { createModelPatcher } from './model/model-patcher.ts';
export { AttemptStore } from './attempt-store.ts';
export { OutcomeStore } from './outcome-store.ts';
export { PullRequestStore } from './pull-request-store.ts';
export { TranscriptStore } from './transcript-store.ts';
export { createVerifier } from './verifier.ts';
