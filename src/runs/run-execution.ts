import type { Queryable } from '../core/db/index.ts';
import { AppError } from '../core/errors.ts';
import type { EventSource } from '../core/events.ts';
import type { Log } from '../core/log.ts';
import type { SpanAttributes, Tracer } from '../core/tracer.ts';
import type { WorkflowDelivery, WorkflowEngine, WorkflowOutcome } from './engine/index.ts';
import type { FaultHook } from './fault-points.ts';
import { nextChange } from './next-change.ts';
import type { QuestionForms } from './question-form.ts';
import type { ChildRequest, ContextHost, WaitOptions } from './run-context.ts';
import { deliverRun } from './run-delivery.ts';
import type { RunEventStore } from './run-event-store.ts';
import type { RunServiceEvents } from './run-events.ts';
import type { RunMeasurement } from './run-measurement.ts';
import type { RunKinds } from './run-kinds.ts';
import type { RunQuestions } from './run-questions.ts';
import { isTerminal } from './run-schema.ts';
import type { Budget, Run } from './run-schema.ts';
import type { RunAttempt, RunStore, Spending } from './run-store.ts';
import type { RunTransitionStore } from './run-transition-store.ts';

export interface ExecutionDeps {
  readonly store: RunStore;
  readonly transitions: RunTransitionStore;
  readonly eventStore: RunEventStore;
  readonly engine: WorkflowEngine;
  readonly kinds: RunKinds;
  readonly asking: RunQuestions;
  readonly events: EventSource<RunServiceEvents>;
  readonly log: Log;
  readonly reach: FaultHook;
  readonly executorId: () => string;
  readonly startChild: (parent: Run, childRunId: string, request: ChildRequest) => Promise<Run>;
  readonly onChanged: (run: Run) => void;
  readonly onProgress: (run: Run) => void;
  readonly onMeasured: (measured: RunMeasurement) => void;
  readonly tracer: Tracer;
}

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

  spend(attempt: RunAttempt, amount: Spending, transaction?: Queryable): Promise<Budget | undefined> {
    return this.#deps.store.spend(attempt, amount, transaction);
  }

  span<T>(name: string, attributes: SpanAttributes, work: () => Promise<T>): Promise<T> {
    return this.#deps.tracer.span({ name, attributes }, work);
  }

  measured(measured: RunMeasurement): void {
    this.#deps.onMeasured(measured);
  }

  approval(attempt: RunAttempt, slot: string, question: string): Promise<void> {
    return this.#deps.asking.approval(attempt, slot, question);
  }

  ask(attempt: RunAttempt, place: string, questions: QuestionForms): Promise<Readonly<Record<string, unknown>>> {
    return this.#deps.asking.ask(attempt, place, questions);
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
