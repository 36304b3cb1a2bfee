import type { Queryable } from '../../core/db/index.ts';

/** One delivery of a workflow to this process. */
export interface WorkflowDelivery {
  readonly workflowId: string;
  /** Aborted by `abort`, and with `not_ready` when the engine shuts down. */
  readonly signal: AbortSignal;
  /**
   * Does `work` once and records what it returned (JSON) or threw: a later delivery gets that back instead. Work that is
   * cut off before it was recorded is done again. Steps are known by their order, which must be the same each time.
   */
  step<T>(name: string, work: () => Promise<T>): Promise<T>;
  /**
   * A step whose rows and record commit in one transaction: never half, never twice, whatever is killed. `work` may be
   * repeated after a rollback. Its JSON result is the record, so it had better be small.
   */
  transaction<T>(name: string, work: (transaction: Queryable) => Promise<T>): Promise<T>;
  /** The next message of a topic, received once; undefined when none came in time. A step of its own. */
  receive(topic: string, timeoutMs: number): Promise<unknown>;
  /** Appends to a stream that `readStream` follows. A step of its own. */
  publish(stream: string, value: unknown): Promise<void>;
}

/** `ended`: it is never delivered again. `released`: it stays as it is, for the delivery that resuming brings. */
export type WorkflowOutcome = 'ended' | 'released';

/**
 * The code of a workflow. It is delivered at least once: again after a crash, after a shutdown that came while it ran,
 * and after being resumed or rewound. What it throws ends the workflow as `failed`, unless its signal was aborted.
 */
export type WorkflowHandler = (delivery: WorkflowDelivery) => Promise<WorkflowOutcome>;

/** `exhausted`: delivered so often without an end that the engine gave it up. */
export type WorkflowState = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'exhausted';

/** A recorded step, in the order of the workflow. */
export interface WorkflowStep {
  readonly index: number;
  readonly name: string;
  readonly isFailed: boolean;
}

export interface QueueSettings {
  readonly name: string;
  /** Workflows of this queue that one process executes at once. */
  readonly workerConcurrency?: number;
  /** Over all processes. */
  readonly globalConcurrency?: number;
  /** Over all processes, of workflows with one partition key. With it each workflow of the queue must have a key. */
  readonly partitionConcurrency?: number;
  /** Workflows begun in a period, over all processes. */
  readonly rateLimit?: { readonly limit: number; readonly periodMs: number };
}

/** Where a workflow waits. */
export interface QueuePlace {
  readonly queue: string;
  readonly partition?: string | undefined;
}

export interface EnqueueOptions extends QueuePlace {
  readonly workflowId: string;
  /** Lower goes first; 0 without it. */
  readonly priority?: number;
}

export interface WorkflowSchedule {
  readonly name: string;
  /** Of a registered workflow; each firing is a workflow with an id of its own. */
  readonly workflow: string;
  /** Cron, with seconds as an optional first field. */
  readonly cron: string;
  readonly timeZone?: string | undefined;
  readonly isPaused: boolean;
}

/** What any process can do with workflows, whoever executes them. */
export interface WorkflowControl {
  /** Queues a workflow. The id makes it idempotent: a workflow that exists is left as it is. */
  enqueue(name: string, options: EnqueueOptions): Promise<void>;
  /** Ends workflows that have not ended: what is queued is not delivered, what runs can record nothing any more. */
  cancel(workflowIds: readonly string[]): Promise<void>;
  /** Queues a cancelled workflow again; its recorded steps stay. Leaves one that succeeded or failed as it is. */
  resume(workflowId: string, place: QueuePlace): Promise<void>;
  /** Queues an ended workflow again without its records from the step `fromStep` on. Throws `conflict` while it runs. */
  rewind(workflowId: string, fromStep: number, place: QueuePlace): Promise<void>;
  /** A new workflow with the records of another one before the step `fromStep`. */
  fork(workflowId: string, fromStep: number, options: EnqueueOptions): Promise<void>;
  /** Of a workflow that waits in a queue. */
  setPriority(workflowId: string, priority: number): Promise<void>;
  /** Ids that the engine does not know are absent from the answer. */
  states(workflowIds: readonly string[]): Promise<ReadonlyMap<string, WorkflowState>>;
  steps(workflowId: string): Promise<readonly WorkflowStep[]>;
  /** Everything that is stored of them. Harmless for ids that are unknown. */
  remove(workflowIds: readonly string[]): Promise<void>;
  send(workflowId: string, topic: string, message: unknown): Promise<void>;
  /** From the beginning to the end of the workflow. */
  readStream(workflowId: string, stream: string): AsyncIterable<unknown>;
  /** Stores a schedule, or changes the one of that name. */
  schedule(schedule: Omit<WorkflowSchedule, 'isPaused'>): Promise<void>;
  listSchedules(): Promise<readonly WorkflowSchedule[]>;
  pauseSchedule(name: string): Promise<void>;
  resumeSchedule(name: string): Promise<void>;
  removeSchedule(name: string): Promise<void>;
  /** Queues again what a dead executor was executing; returns the ids. The caller knows that it is dead. */
  recover(executorId: string): Promise<readonly string[]>;
}

/** Durable execution of work: what has been queued is executed, through crashes, until it ends or is cancelled. */
export interface WorkflowEngine {
  readonly control: WorkflowControl;
  /** Must come before `launch`. */
  register(name: string, handler: WorkflowHandler): void;
  /** Makes the engine's tables and opens `control`. */
  connect(): Promise<void>;
  /**
   * Begins to execute, first of all what the executor of this id left unfinished. The id must be the same after a
   * restart, and no two live processes may share it. Throws `conflict` while another engine executes in this process.
   */
  launch(options: { readonly executorId: string; readonly queues: readonly QueueSettings[] }): Promise<void>;
  /**
   * Queues again what stands as executed by this executor for a while and is not: a process that had lost the id without
   * knowing may still have taken work under it, and died. To be called once in a while. Returns the ids.
   */
  reclaim(): Promise<readonly string[]>;
  /** Aborts the signal of a delivery in this process; harmless when there is none. */
  abort(workflowId: string, reason: unknown): void;
  /** Aborts what runs, waits for it a few seconds, and executes no more; unfinished work stays with the executor. */
  stop(): Promise<void>;
  /** Closes `control`, after a stop. It may be connected again. */
  disconnect(): Promise<void>;
}
