import { AppError } from '../core/errors.ts';
import type { WorkflowControl } from './engine/index.ts';
import type { FaultHook } from './fault-points.ts';
import { givenAnswers } from './given-answers.ts';
import { illegalAction } from './run-actions.ts';
import type { RunAction } from './run-actions.ts';
import type { RunQuestionStore } from './run-question-store.ts';
import { enginePriority, redeliver } from './run-redelivery.ts';
import type { StoredRun } from './run-rows.ts';
import { isWaiting, prioritySchema } from './run-schema.ts';
import type { Run } from './run-schema.ts';
import type { RunStore } from './run-store.ts';
import type { RunTransitionStore } from './run-transition-store.ts';
import { storableText } from './stored-text.ts';

export interface ControlInput {
  readonly action: RunAction;
  /** Why; kept with the run. */
  readonly reason?: string | undefined;
  /** For `prioritize`. */
  readonly priority?: number | undefined;
}

export interface ControlDeps {
  readonly transitions: RunTransitionStore;
  readonly questions: RunQuestionStore;
  readonly control: WorkflowControl;
  readonly reach: FaultHook;
  readonly store: RunStore;
  readonly onChanged: (run: Run) => void;
}

/**
 * What people and agents do to a run. The row is changed first and decides; the engine follows. A process that dies in
 * between leaves a difference that the keeper mends.
 */
export class RunControls {
  readonly #deps: ControlDeps;

  constructor(deps: ControlDeps) {
    this.#deps = deps;
  }

  /** Throws `not_found`, `conflict` naming what is legal, `invalid_input` for a priority that is none. */
  async apply(runId: string, input: ControlInput): Promise<Run> {
    const changed = await this.#change(runId, input);
    const [first] = changed;
    if (first === undefined) return this.#refuse(runId, input.action);
    return first.run;
  }

  /**
   * Answers open questions, by key; what is not open is passed over. Throws `not_found`, and `invalid_input` for what is no
   * answer: then nothing is stored.
   */
  async answer(runId: string, answers: Readonly<Record<string, unknown>>): Promise<Run> {
    const run = await this.#get(runId);
    const given = givenAnswers(run.questions ?? {}, answers);
    if (given.length === 0) return run;
    const answered = await this.#deps.questions.answer(runId, given);
    if (answered === undefined) return this.#get(runId);
    if (isWaiting(answered.run.status)) {
      this.#announce([answered]);
      this.#deps.reach('answer:stored');
    } else {
      await this.#goOn([answered], 'answer:last', 'answer:resumed');
    }
    return answered.run;
  }

  async #change(runId: string, input: ControlInput): Promise<readonly StoredRun[]> {
    switch (input.action) {
      case 'cancel':
        return this.#cancel(runId, input.reason);
      case 'pause':
        return this.#pause(runId, input.reason);
      case 'resume':
        return this.#goOn(await this.#deps.transitions.resume(runId), 'resume:stored', 'resume:resumed');
      case 'retry':
        return this.#goOn(await this.#deps.transitions.retry(runId), 'retry:stored', 'retry:rewound');
      case 'approve':
        return this.#decide(runId, 'approved', input.reason);
      case 'reject':
        return this.#decide(runId, 'rejected', input.reason);
      case 'prioritize':
        return this.#prioritize(runId, input.priority);
    }
  }

  async #cancel(runId: string, reason: string | undefined): Promise<readonly StoredRun[]> {
    const changed = await this.#deps.transitions.cancel(runId, reason);
    this.#announce(changed);
    if (changed.length > 0) this.#deps.reach('cancel:stored');
    await this.#deps.control.cancel(changed.map(({ run }) => run.runId));
    if (changed.length > 0) this.#deps.reach('cancel:cancelled');
    return changed;
  }

  async #pause(runId: string, reason: string | undefined): Promise<readonly StoredRun[]> {
    const changed = await this.#deps.transitions.pause(runId, reason);
    this.#announce(changed);
    if (changed.length > 0) this.#deps.reach('pause:stored');
    await this.#deps.control.cancel(changed.map(({ run }) => run.runId));
    if (changed.length > 0) this.#deps.reach('pause:cancelled');
    return changed;
  }

  async #decide(
    runId: string,
    decision: 'approved' | 'rejected',
    reason: string | undefined,
  ): Promise<readonly StoredRun[]> {
    const decided = await this.#deps.questions.decide(runId, { decision, reason });
    return this.#goOn(decided === undefined ? [] : [decided], 'approve:stored', 'approve:resumed');
  }

  async #goOn(
    changed: readonly StoredRun[],
    stored: 'resume:stored' | 'retry:stored' | 'approve:stored' | 'answer:last',
    delivered: 'resume:resumed' | 'retry:rewound' | 'approve:resumed' | 'answer:resumed',
  ): Promise<readonly StoredRun[]> {
    this.#announce(changed);
    if (changed.length > 0) this.#deps.reach(stored);
    const isRetried = delivered === 'retry:rewound';
    for (const one of changed) await redeliver(this.#deps.control, one, { isRetried });
    if (changed.length > 0) this.#deps.reach(delivered);
    return changed;
  }

  async #prioritize(runId: string, priority: number | undefined): Promise<readonly StoredRun[]> {
    const parsed = prioritySchema.safeParse(priority);
    if (!parsed.success) {
      throw new AppError('invalid_input', `The priority ${priority} is not an integer from 1 to 10.`, {
        hint: 'Give `priority`; 10 goes first.',
      });
    }
    const changed = await this.#deps.transitions.prioritize(runId, parsed.data);
    if (changed === undefined) return [];
    this.#announce([changed]);
    await this.#deps.control.setPriority(runId, enginePriority(parsed.data));
    return [changed];
  }

  #announce(changed: readonly StoredRun[]): void {
    for (const { run } of changed) this.#deps.onChanged(run);
  }

  /** Cancelling twice is no mistake. */
  async #refuse(runId: string, action: RunAction): Promise<Run> {
    const run = await this.#get(runId);
    if (action === 'cancel' && run.status === 'cancelled') return run;
    throw illegalAction(action, run);
  }

  async #get(runId: string): Promise<Run> {
    const run = await this.#deps.store.find(runId);
    if (run === undefined) throw unknownRun(runId);
    return run;
  }
}

export function unknownRun(runId: string): AppError {
  return new AppError('not_found', `There is no run \`${storableText(runId, 80)}\`.`, {
    hint: 'Call run_list to see the runs.',
  });
}
