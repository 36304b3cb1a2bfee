/**
 * The durable engine behind one port. It owns the schema `dbos` of the database and is the only folder that knows
 * which library does the work. Invariants: one executing engine a process; the rows of a transactional step and the
 * record that it was done are there together or not at all; a workflow that a shutdown interrupts stays with its
 * executor and is delivered again by the next launch under the same id, or by whoever recovers that executor.
 */
export { createWorkflowEngine } from './dbos-engine.ts';
export type { WorkflowEngineOptions } from './dbos-engine.ts';
export { sessionNameOf } from './dbos-names.ts';
export type {
  QueuePlace,
  QueueSettings,
  WorkflowControl,
  WorkflowDelivery,
  WorkflowEngine,
  WorkflowHandler,
  WorkflowOutcome,
  WorkflowState,
} from './workflow-engine.ts';
