import type { Database } from '../core/db/index.ts';
import type { Log } from '../core/log.ts';
import type { Tracer } from '../core/tracer.ts';
import type { QueueSettings, WorkflowEngine } from './engine/index.ts';
import type { FaultHook } from './fault-points.ts';
import { RunChanges } from './run-changes.ts';
import { RunControls } from './run-controls.ts';
import { RunEventStore } from './run-event-store.ts';
import type { RunMeasurement } from './run-measurement.ts';
import { RunExecution } from './run-execution.ts';
import { RunKeeper } from './run-keeper.ts';
import { RunKinds } from './run-kinds.ts';
import { RunTail } from './run-tail.ts';
import { RunTailStore } from './run-tail-store.ts';
import { RunPruner } from './run-pruner.ts';
import { RunQuestionStore } from './run-question-store.ts';
import { RunQuestions } from './run-questions.ts';
import { RUN_WORKFLOW } from './run-redelivery.ts';
import type { Run } from './run-schema.ts';
import { RunStarter } from './run-starter.ts';
import { RunStore } from './run-store.ts';
import { RunTransitionStore } from './run-transition-store.ts';
import { RunWorker } from './run-worker.ts';
import { WorkerStore } from './worker-store.ts';

export interface RunPartsOptions {
  readonly database: Database;
  readonly engine: WorkflowEngine;
  readonly log: Log;
  readonly worker: WorkerSettings | undefined;
  readonly retentionDays: number;
  readonly localQueue: string;
  readonly reach: FaultHook;
  readonly now: () => number;
  readonly tracer: Tracer;
}

/** What a process executes. */
export interface WorkerSettings {
  /** Names the host; a worker's id is the host with a number. */
  readonly host: string;
  readonly queues: readonly QueueSettings[];
}

/** The insides of the service of runs, each knowing only those before it. */
export interface RunParts {
  readonly kinds: RunKinds;
  readonly store: RunStore;
  readonly eventStore: RunEventStore;
  readonly workers: WorkerStore;
  readonly changes: RunChanges;
  readonly tail: RunTail;
  readonly starter: RunStarter;
  readonly controls: RunControls;
  readonly pruner: RunPruner;
  readonly execution: RunExecution;
  readonly worker: RunWorker | undefined;
}

export function buildRunParts(options: RunPartsOptions): RunParts {
  const { database, engine, log, reach, now, retentionDays, localQueue, tracer } = options;
  const store = new RunStore(database);
  const workers = new WorkerStore(database);
  const transitions = new RunTransitionStore(database);
  const questions = new RunQuestionStore(database);
  const kinds = new RunKinds();
  const changes = new RunChanges({ database, store, log });
  const eventStore = new RunEventStore(database, (runId) => changes.logged(runId));
  // Work of this process is aborted at once; other processes hear of the change, or see it with their next beat.
  const onChanged = (run: Run): void => {
    if (run.status !== 'running') execution.abort(run.runId, run.status);
    changes.changed(run);
  };
  const onProgress = (run: Run): void => changes.progressed(run);
  const onMeasured = (measured: RunMeasurement): void => changes.measured(measured);
  const shared = { store, transitions, questions, control: engine.control, kinds, log, reach, onChanged, tracer };
  const starter = new RunStarter({ ...shared, localQueue });
  const pruner = new RunPruner({ ...shared, retentionDays });
  const keeper = new RunKeeper({ ...shared, workers, pruner, now });
  const execution = new RunExecution({
    ...shared,
    engine,
    asking: new RunQuestions({ ...shared, engine }),
    eventStore,
    events: changes.events,
    executorId: () => worker?.executorId() ?? '',
    startChild: (parent, childRunId, request) => starter.startChild(parent, childRunId, request),
    onProgress,
    onMeasured,
  });
  const checkActive = (): Promise<void> => execution.check();
  const worker =
    options.worker && new RunWorker({ ...options.worker, database, engine, log, workers, keeper, checkActive });
  engine.register(RUN_WORKFLOW, (delivery) => execution.deliver(delivery));
  const controls = new RunControls(shared);
  const tail = new RunTail({ store: new RunTailStore(database), events: changes.events, log });
  return { kinds, store, eventStore, workers, changes, tail, starter, controls, pruner, execution, worker };
}
