import type { Queryable } from '../core/db/index.ts';
import { AppError } from '../core/errors.ts';
import type { EventSource } from '../core/events.ts';
import type { Log } from '../core/log.ts';
import type { WorkflowDelivery, WorkflowEngine, WorkflowOutcome } from './engine/index.ts';
import type { FaultHook } from './fault-points.ts';
import { nextChange } from './next-change.ts';
import { attemptOver } from './run-context.ts';
import type { ChildRequest, ContextHost, WaitOptions } from './run-context.ts';
import { deliverRun } from './run-delivery.ts';
import type { RunEventStore } from './run-event-store.ts';
import type { RunServiceEvents } from './run-events.ts';
import type { RunKinds } from './run-kinds.ts';
import { isTerminal } from './run-schema.ts';
import type { Budget, Run } from './run-schema.ts';
import type { RunAttempt, RunStore, SpentAmount } from './run-store.ts';
import type { RunTransitionStore } from './run-transition-store.ts';
import { storableText } from './stored-text.ts';

export interface ExecutionDeps {
  readonly store: RunStore;
  readonly transitions: RunTransitionStore;
  readonly eventStore: RunEventStore;
  readonly engine: WorkflowEngine;
  readonly kinds: RunKinds;
  readonly events: EventSource<RunServiceEvents>;
  readonly log: Log;
  readonly reach: FaultHook;
  readonly executorId: () => string;
  readonly startChild: (parent: Run, childRunId: string, request: ChildRequest) => Promise<Run>;
  readonly onChanged: (run: Run) => void;
  readonly onProgress: (run: Run) => void;
}

const MAX_QUESTION_CHARACTERS = 2_000;

/** The runs that this process executes. */
export class RunExecution implements ContextHost {
  readonly #deps: ExecutionDeps;
  /** Run → attempt. */
  readonly #active = new Map<string, number>();
  #closing = new AbortController();

  constructor(deps: ExecutionDeps) {
    this.#deps = deps;
  }

  open(): void {
    this.#closing = new AbortController();
  }

  /** Ends the waiting for a database that is away. */
  close(reason: AppError): void {
    this.#closing.abort(reason);
  }

  /** Notes of attempts that an orderly stop of this process has cut off, that they did not crash. */
  recordStop(runIds: readonly string[], executorId: string): Promise<void> {
    return runIds.length === 0 ? Promise.resolve() : this.#deps.transitions.recordStop(runIds, executorId);
  }

  activeIds(): readonly string[] {
    return [...this.#active.keys()];
  }

  async deliver(delivery: WorkflowDelivery): Promise<WorkflowOutcome> {
    const { eventStore, engine, ...deps } = this.#deps;
    let attempt: number | undefined;
    try {
      return await deliverRun(
        {
          ...deps,
          events: eventStore,
          control: engine.control,
          host: this,
          executorId: this.#deps.executorId(),
          closing: this.#closing.signal,
          onBegun: (run) => {
            attempt = run.attempt;
            this.#active.set(run.runId, run.attempt);
          },
        },
        delivery,
      );
    } finally {
      if (this.#active.get(delivery.workflowId) === attempt) this.#active.delete(delivery.workflowId);
    }
  }

  /** Aborts what is no longer to be executed here: it was cancelled, paused, has expired, or goes on elsewhere. */
  async check(runIds: readonly string[] = this.activeIds()): Promise<void> {
    const ours = runIds.filter((runId) => this.#active.has(runId));
    if (ours.length === 0) return;
    const rows = await this.#deps.store.watch(ours);
    for (const runId of ours) {
      const row = rows.get(runId);
      if (row?.status === 'running' && row.attempt === this.#active.get(runId)) continue;
      this.abort(runId, row?.status ?? 'gone');
    }
  }

  /** At once, when the change was made in this process. */
  abort(runId: string, status: string): void {
    if (!this.#active.has(runId)) return;
    this.#deps.engine.abort(runId, new AppError('cancelled', `Run \`${runId}\` is ${status} now.`));
  }

  spend(attempt: RunAttempt, amount: SpentAmount, transaction?: Queryable): Promise<Budget | undefined> {
    return this.#deps.store.spend(attempt, amount, transaction);
  }

  /** The worker is free while the question waits: the delivery ends, and the decision brings another one. */
  async approval(attempt: RunAttempt, key: string, question: string): Promise<void> {
    const { transitions, engine, reach, onChanged } = this.#deps;
    const { runId } = attempt;
    const decided = await transitions.findDecision(runId, key);
    if (decided?.decision === 'approved') return;
    if (decided?.decision === 'rejected') throw rejected(question, decided.reason);
    await engine.control.cancel([runId]);
    reach('approval:released');
    const text = storableText(question, MAX_QUESTION_CHARACTERS);
    const asked = await transitions.requestApproval(attempt, { key, question: text });
    if (asked !== undefined) onChanged(asked.run);
    reach('approval:stored');
    const over = attemptOver(runId);
    engine.abort(runId, over);
    throw over;
  }

  startChild(parent: Run, childRunId: string, request: ChildRequest): Promise<Run> {
    return this.#deps.startChild(parent, childRunId, request);
  }

  async waitForChildren(runId: string, { signal, onChange }: WaitOptions): Promise<readonly Run[]> {
    for (;;) {
      signal.throwIfAborted();
      const change = nextChange(this.#deps.events, (run) => run.parentRunId === runId, signal);
      try {
        const children = await this.#deps.store.listChildren(runId);
        onChange(children);
        if (children.every((child) => isTerminal(child.status))) return children;
        await change.happened;
      } finally {
        change.dispose();
      }
    }
  }
}

function rejected(question: string, reason: string | null): AppError {
  const because = reason === null ? '' : `: ${reason}`;
  return new AppError('permission_denied', `"${storableText(question, 200)}" was rejected${because}.`, {
    hint: 'Change what was objected to, then retry the run: it asks again.',
  });
}
