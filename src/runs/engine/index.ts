/**
 * The durable engine behind one port. It owns the schema `dbos` of the database and is the only folder that knows
 * which library does the work. Invariants: one live engine a process; a workflow that a shutdown interrupts stays
 * with its executor and is delivered again by the next launch under the same executor id.
 */
export { createWorkflowEngine } from './dbos-engine.ts';
export type { WorkflowEngineOptions } from './dbos-engine.ts';
export type { WorkflowDelivery, WorkflowEngine, WorkflowHandler, WorkflowState } from './workflow-engine.ts';
