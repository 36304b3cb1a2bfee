/**
 * What executes runs. For the files that put the system together: others know the words of `index.ts`, which load
 * none of this.
 */
export { createWorkflowEngine } from './engine/index.ts';
export { createDrill } from './drill/drill-run.ts';
export { relayMeasurements } from './measurement-relay.ts';
export { localQueueOf, ownWorkerSettings, workerSettings } from './run-queues.ts';
export { RunService } from './run-service.ts';
export { WorkerChildren } from './worker-children.ts';
