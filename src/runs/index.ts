/**
 * Durable work. Whatever can outlast a few seconds is a run: a row that says what it is, how far it is and how it
 * ended, executed at least once through crashes and restarts. It owns the tables `run` and `run_event` and, behind
 * `engine/`, the schema of the engine. Invariants: a run that has ended never changes again; only the newest attempt
 * writes; a run that a stop of the system cuts off stays `running` and goes on at the next start.
 */
export { createWorkflowEngine } from './engine/index.ts';
export type { WorkflowEngine, WorkflowEngineOptions } from './engine/index.ts';
export type { RunServiceEvents } from './run-events.ts';
export { isTerminal, RUN_STATUSES, runEventSchema, runSchema } from './run-schema.ts';
export type { Run, RunContext, RunError, RunEvent, RunKind, RunProgress, RunStatus } from './run-schema.ts';
export { RunService } from './run-service.ts';
export type { ListRunsInput, RunServiceDeps, StartRunOptions } from './run-service.ts';
export { RunStore } from './run-store.ts';
export { renderRun } from './run-text.ts';
