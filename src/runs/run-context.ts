import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Queryable } from '../core/db/index.ts';
import { AppError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { SpanAttributes } from '../core/tracer.ts';
import type { WorkflowDelivery } from './engine/index.ts';
import type { FieldAnswers, QuestionForms } from './question-form.ts';
import { runBatches } from './run-batches.ts';
import type { RunMeasurement } from './run-measurement.ts';
import { revived } from './run-failure.ts';
import type { BatchPlan, RunContext, StartRunOptions } from './run-kind.ts';
import type { RunRecorder } from './run-recorder.ts';
import type { Budget, BudgetUnit, Run } from './run-schema.ts';
import type { RunAttempt, Spending } from './run-store.ts';
import { untilStored } from './until-stored.ts';

/** What a context needs of the service that executes its run. */
export interface ContextHost {
  spend(attempt: RunAttempt, amount: Spending, transaction?: Queryable): Promise<Budget | undefined>;
  measured(measured: RunMeasurement): void;
  /** Within the span of the attempt. */
  span<T>(name: string, attributes: SpanAttributes, work: () => Promise<T>): Promise<T>;
  /** Resolves when it is approved; else the delivery ends with what it throws. */
  approval(attempt: RunAttempt, slot: string, question: string): Promise<void>;
  /** Resolves, by name, when all are answered; else the delivery ends with what it throws. */
  ask(attempt: RunAttempt, place: string, questions: QuestionForms): Promise<Readonly<Record<string, unknown>>>;
  startChild(parent: Run, childRunId: string, request: ChildRequest): Promise<Run>;
  waitForChildren(runId: string, options: WaitOptions): Promise<readonly Run[]>;
}

export interface ChildRequest {
  readonly kind: string;
  readonly input: unknown;
  readonly options: Omit<StartRunOptions, 'parentRunId'>;
}

export interface WaitOptions {
  readonly signal: AbortSignal;
  readonly onChange: (children: readonly Run[]) => void;
}

export interface ContextParts {
  readonly host: ContextHost;
  readonly run: Run;
  readonly delivery: WorkflowDelivery;
  readonly recorder: RunRecorder;
  readonly log: Log;
}

/** Of one attempt. */
export function runContext(parts: ContextParts): RunContext {
  return new Context(parts);
}

class Context implements RunContext {
  readonly runId: string;
  readonly attempt: number;
  readonly signal: AbortSignal;
  readonly progress: RunContext['progress'];
  readonly log: RunContext['log'];
  readonly #parts: ContextParts;
  #approvals = 0;
  #asks = 0;
  #children = 0;
  #stepUnderWay: string | undefined;

  constructor(parts: ContextParts) {
    const { run, delivery, recorder } = parts;
    this.#parts = parts;
    this.runId = run.runId;
    this.attempt = run.attempt;
    this.signal = delivery.signal;
    this.progress = (progress) => recorder.progress(progress);
    this.log = (level, message) => recorder.event(level, message);
  }

  step<T>(name: string, work: () => Promise<T>): Promise<T> {
    return this.#oneAfterTheOther(name, work, (measured) =>
      this.#parts.delivery.step(name, () => this.#patient(measured)),
    );
  }

  transaction<T>(name: string, work: (transaction: Queryable) => Promise<T>): Promise<T> {
    return this.#oneAfterTheOther(name, work, (measured) => this.#parts.delivery.transaction(name, measured));
  }

  batches(plan: BatchPlan): Promise<void> {
    const deps = {
      signal: this.signal,
      transaction: <T>(name: string, work: (transaction: Queryable) => Promise<T>) => this.transaction(name, work),
      spend: (count: number, transaction: Queryable) => this.#spend('operations', count, transaction),
      onStored: (count: number) => this.#parts.host.measured({ what: 'items', kind: this.#parts.run.kind, count }),
      onBatch: (done: number) => this.progress({ done, total: plan.total, unit: plan.unit, message: plan.name }),
      now: () => performance.now(),
    };
    return runBatches(deps, plan);
  }

  async approval(question: string): Promise<void> {
    this.#approvals += 1;
    const slot = `approval-${this.#approvals}`;
    await this.#patient(() => this.#parts.host.approval(this, slot, question));
  }

  async ask<Q extends QuestionForms>(questions: Q): Promise<FieldAnswers<Q>> {
    this.#asks += 1;
    const place = `ask-${this.#asks}`;
    const answers = await this.#patient(() => this.#parts.host.ask(this, place, questions));
    // Each was parsed by the fields of its own question.
    return z.custom<FieldAnswers<Q>>().parse(answers);
  }

  startChild(kind: string, input: unknown, options: Omit<StartRunOptions, 'parentRunId'> = {}): Promise<Run> {
    this.#children += 1;
    const childRunId = childIdOf(this.runId, this.#children);
    return this.#patient(() => this.#parts.host.startChild(this.#parts.run, childRunId, { kind, input, options }));
  }

  waitForChildren(onChange: (children: readonly Run[]) => void = () => {}): Promise<readonly Run[]> {
    return this.#patient(() => this.#parts.host.waitForChildren(this.runId, { signal: this.signal, onChange }));
  }

  spend(unit: BudgetUnit, amount: number): Promise<void> {
    return this.#patient(() => this.#spend(unit, amount));
  }

  /** Replay matches steps by their order, and a retry goes on at the last one: both need that there is one order. */
  async #oneAfterTheOther<T, A extends unknown[]>(
    name: string,
    work: (...args: A) => Promise<T>,
    deliver: (work: (...args: A) => Promise<T>) => Promise<T>,
  ): Promise<T> {
    const other = this.#stepUnderWay;
    if (other !== undefined) {
      throw new AppError(
        'conflict',
        `Step \`${name}\` was begun while step \`${other}\` of the same run is under way.`,
        {
          hint: 'Await each step before the next; do what is to go on at the same time within one step, or in children.',
        },
      );
    }
    this.#stepUnderWay = name;
    try {
      const about = { 'lightdom.run.id': this.runId, 'lightdom.run.attempt': this.attempt };
      return await this.#parts.host.span(`step ${name}`, about, () => this.#measuring(work, deliver));
    } catch (error) {
      throw revived(error);
    } finally {
      this.#stepUnderWay = undefined;
    }
  }

  /** With its record and commit, unless it was recorded before. */
  async #measuring<T, A extends unknown[]>(
    work: (...args: A) => Promise<T>,
    deliver: (work: (...args: A) => Promise<T>) => Promise<T>,
  ): Promise<T> {
    const startedMs = performance.now();
    let isDone = false;
    let isOk = false;
    try {
      const result = await deliver((...args) => {
        isDone = true;
        return work(...args);
      });
      isOk = true;
      return result;
    } finally {
      const seconds = (performance.now() - startedMs) / 1000;
      if (isDone) this.#parts.host.measured({ what: 'step', kind: this.#parts.run.kind, seconds, isOk });
    }
  }

  /** A database that is away for a while fails no run. */
  #patient<T>(work: () => Promise<T>): Promise<T> {
    return untilStored(work, { log: this.#parts.log, signal: this.signal });
  }

  async #spend(unit: BudgetUnit, amount: number, transaction?: Queryable): Promise<void> {
    if (!Number.isFinite(amount) || amount < 0) {
      throw new AppError('invalid_input', `${amount} ${unit} can't be spent; the amount must be 0 or more.`);
    }
    const spent = await this.#parts.host.spend(this, { unit, amount }, transaction);
    if (spent === undefined) throw attemptOver(this.runId);
    const limit = this.#parts.run.budget?.[unit];
    if (limit === undefined || (spent[unit] ?? 0) <= limit) return;
    throw new AppError('limit_reached', `The budget of ${limit} ${unit} is used up: ${spent[unit]} would be spent.`, {
      hint: 'Start the run again with a larger budget.',
    });
  }
}

/** The same child in each attempt; as hard to guess as its parent's id. */
function childIdOf(runId: string, position: number): string {
  return createHash('sha256').update(`${runId}/${position}`).digest('hex').slice(0, 32);
}

export function attemptOver(runId: string): AppError {
  return new AppError('cancelled', `This attempt of run \`${runId}\` is over: it has ended, or goes on elsewhere.`);
}
