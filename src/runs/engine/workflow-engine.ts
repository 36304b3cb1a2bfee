/** One delivery of a workflow to this process. */
export interface WorkflowDelivery {
  readonly workflowId: string;
  /**
   * Aborted with an AppError as its reason: `cancelled` when the workflow was cancelled in any process, `not_ready`
   * when the engine shuts down.
   */
  readonly signal: AbortSignal;
}

/**
 * The code of a workflow. It is delivered at least once: again after a crash, and again after a shutdown that came
 * while it ran, whatever it returned or threw then.
 */
export type WorkflowHandler = (delivery: WorkflowDelivery) => Promise<void>;

/** `exhausted`: delivered so often without an end that the engine gave it up. */
export type WorkflowState = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'exhausted';

/** Durable delivery of work: what has been started is executed, through crashes, until it ends or is cancelled. */
export interface WorkflowEngine {
  /** Must come before `launch`. */
  register(name: string, handler: WorkflowHandler): void;
  /**
   * Connects, makes its tables, and takes up the work that this executor left unfinished. After `shutdown` it may be
   * launched again. Throws `conflict` while another engine is live in this process.
   */
  launch(): Promise<void>;
  /** Queues a workflow. The id makes it idempotent: a workflow that exists is left as it is. */
  start(name: string, workflowId: string): Promise<void>;
  /** Ends a workflow that is queued or running; the signal of a delivery in this process is aborted at once. */
  cancel(workflowId: string): Promise<void>;
  /** Ids that the engine does not know are absent from the answer. */
  states(workflowIds: readonly string[]): Promise<ReadonlyMap<string, WorkflowState>>;
  /** Aborts what runs, waits for it a few seconds, and disconnects; unfinished work stays with the executor. */
  shutdown(): Promise<void>;
}
