import { AppError } from '../core/errors.ts';
import type { WorkflowEngine } from './engine/index.ts';
import type { FaultHook } from './fault-points.ts';
import { approvalFields, checkForms, readAnswer, schemaOf } from './question-form.ts';
import type { FieldAnswer, QuestionForm, QuestionForms } from './question-form.ts';
import { attemptOver } from './run-context.ts';
import type { AskedQuestion, NewQuestion, RunQuestionStore } from './run-question-store.ts';
import type { Run } from './run-schema.ts';
import type { RunAttempt } from './run-store.ts';
import { storableText } from './stored-text.ts';

export interface QuestionDeps {
  readonly questions: RunQuestionStore;
  readonly engine: WorkflowEngine;
  readonly reach: FaultHook;
  readonly onChanged: (run: Run) => void;
}

const MAX_MESSAGE_CHARACTERS = 2_000;
/** Leaves room for why the last answer did not fit. */
const MAX_REPEATED_CHARACTERS = 1_400;

/**
 * What the code of a run asks. The worker is free while a question waits: the delivery ends, and the last answer brings
 * another one, in which the same question finds its answer.
 */
export class RunQuestions {
  readonly #deps: QuestionDeps;

  constructor(deps: QuestionDeps) {
    this.#deps = deps;
  }

  /** Resolves when it is approved. */
  async approval(attempt: RunAttempt, slot: string, question: string): Promise<void> {
    const asked = (await this.#deps.questions.listAsked(attempt.runId, [slot])).get(slot);
    const state = stateOf({ message: question, fields: approvalFields }, asked);
    if (state.is === 'answered') {
      const { answer } = state;
      const { approve, reason } = approvalFields.parse(answer.action === 'accept' ? answer.content : undefined);
      if (approve) return;
      throw rejected(question, reason);
    }
    const open = { slot, round: state.round, message: textOf(question), form: null };
    return this.#wait(attempt, 'approval', [open]);
  }

  /** Resolves when all of them are answered, by name. */
  async ask(
    attempt: RunAttempt,
    place: string,
    forms: QuestionForms,
  ): Promise<Readonly<Record<string, FieldAnswer<QuestionForm['fields']>>>> {
    checkForms(forms);
    const entries = Object.entries(forms).map(([name, form]) => ({ name, form, slot: `${place}-${name}` }));
    const asked = await this.#deps.questions.listAsked(
      attempt.runId,
      entries.map(({ slot }) => slot),
    );
    const answers: [string, FieldAnswer<QuestionForm['fields']>][] = [];
    const open: NewQuestion[] = [];
    for (const { name, form, slot } of entries) {
      const state = stateOf(form, asked.get(slot));
      if (state.is === 'answered') answers.push([name, state.answer]);
      else open.push({ slot, round: state.round, message: textOf(state.message), form: schemaOf(name, form.fields) });
    }
    return open.length === 0 ? Object.fromEntries(answers) : this.#wait(attempt, 'ask', open);
  }

  /** Ends the attempt. */
  async #wait(attempt: RunAttempt, kind: 'approval' | 'ask', questions: readonly NewQuestion[]): Promise<never> {
    const { questions: store, engine, reach, onChanged } = this.#deps;
    const { runId } = attempt;
    await engine.control.cancel([runId]);
    reach(`${kind}:released`);
    const status = kind === 'approval' ? 'waiting_approval' : 'waiting_input';
    const waiting = await store.ask(attempt, { status, questions });
    if (waiting !== undefined) onChanged(waiting.run);
    reach(`${kind}:stored`);
    const over = attemptOver(runId);
    engine.abort(runId, over);
    throw over;
  }
}

type QuestionState =
  | { readonly is: 'answered'; readonly answer: FieldAnswer<QuestionForm['fields']> }
  | { readonly is: 'open'; readonly round: number; readonly message: string };

function stateOf({ message, fields }: QuestionForm, asked: AskedQuestion | undefined): QuestionState {
  if (asked === undefined) return { is: 'open', round: 1, message };
  const { round, answer: stored, isWithdrawn } = asked;
  if (stored === undefined) return { is: 'open', round, message };
  if (isWithdrawn) return { is: 'open', round: round + 1, message };
  const read = readAnswer(fields, stored);
  if ('answer' in read) return { is: 'answered', answer: read.answer };
  const repeated = storableText(message, MAX_REPEATED_CHARACTERS);
  return { is: 'open', round: round + 1, message: `${repeated}\n\nThe last answer did not fit: ${read.misfit}.` };
}

function textOf(message: string): string {
  return storableText(message, MAX_MESSAGE_CHARACTERS);
}

function rejected(question: string, reason: string | undefined): AppError {
  const because = reason === undefined ? '' : `: ${reason}`;
  return new AppError('permission_denied', `"${storableText(question, 200)}" was rejected${because}.`, {
    hint: 'Change what was objected to, then retry the run: it asks again.',
  });
}
