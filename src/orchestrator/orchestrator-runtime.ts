/**
 * The master and its parts. For the files that put the system together: others know the words of `index.ts`.
 */
export { Orchestrator } from './orchestrator.ts';
export { agentSubsystem } from './agent-subsystem.ts';
export { indexingSubsystem } from './indexing-subsystem.ts';
export { startupSubsystem } from './startup-subsystem.ts';
export { unavailableSubsystem } from './subsystem.ts';
