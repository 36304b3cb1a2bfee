/** What executes: for the files directly in src/ that put the system together. */
export { AgentDaemon } from './agent-daemon.ts';
export { AgentService, defaultModeOf } from './agent-service.ts';
export { AgentStore } from './agent-store.ts';
export { AttemptStore } from './attempt-store.ts';
export { OutcomeStore } from './outcome-store.ts';
export { PullRequestStore } from './pull-request-store.ts';
export { createVerifier } from './verifier.ts';
