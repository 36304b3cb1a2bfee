/**
 * Durable work. Whatever can outlast a few seconds is a run: a row that says what it is, how far it is and how it
 * ended, executed by some worker through crashes and restarts until it has. It owns the tables `run`, `run_event`,
 * `run_question` and `worker`, and, behind `engine/`, the schema of the engine.
 * Invariants: a run that is completed or cancelled never changes again, one that failed only by a retry; only the newest
 * attempt writes; what a transactional step stores is stored once, whoever is killed; the row decides and the engine
 * follows; the work of a dead worker goes on with another one.
 */
export type { QueueSettings, WorkflowEngine, WorkflowEngineOptions } from './engine/index.ts';
export { FAULT_POINTS } from './fault-points.ts';
export type { FaultHook, FaultPoint } from './fault-points.ts';
export { approvalFields } from './question-form.ts';
export type { FieldAnswer, FieldAnswers, QuestionForm, QuestionForms } from './question-form.ts';
export { RUN_ACTIONS } from './run-actions.ts';
export type { RunAction } from './run-actions.ts';
export { consentFor } from './run-consent.ts';
export type { RunServiceEvents } from './run-events.ts';
export type { RunMeasurement } from './run-measurement.ts';
export type { BatchPlan, RunAccess, RunContext, RunKind, RunQueueName, StartRunOptions } from './run-kind.ts';
export type { RunTailItem } from './run-tail.ts';
export { isTerminal, RUN_STATUSES, runEventSchema, runSchema } from './run-schema.ts';
export type { Budget, Run, RunError, RunEvent, RunProgress, RunQuestion, RunStatus } from './run-schema.ts';
export type { WorkerSettings } from './run-parts.ts';
export { proposeRuns, watchRun } from './run-following.ts';
export type { RunService } from './run-service.ts';
export type { ListRunsInput, RunServiceDeps } from './run-service.ts';
export type { RunCount } from './run-store.ts';
export { renderParts, renderRun, renderRunEvent } from './run-text.ts';
export type { WorkerChildren } from './worker-children.ts';
export type { Worker } from './worker-store.ts';
