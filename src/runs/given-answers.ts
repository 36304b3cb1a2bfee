import type { z } from 'zod';
import { AppError } from '../core/errors.ts';
import { approvalFields, misfitOf, rawAnswerSchema } from './question-form.ts';
import type { RawAnswer } from './question-form.ts';
import type { NewAnswer } from './run-question-store.ts';
import type { Run } from './run-schema.ts';
import { storableJson, storableText } from './stored-text.ts';

const MAX_ANSWER_CHARACTERS = 20_000;
const MAX_REASON_CHARACTERS = 500;

/**
 * What of these answers is to be stored: keys that are not open are passed over, and an approval that was dismissed stays
 * open. Throws `invalid_input` for one that is no answer; whether the content fits a form, the code of the run says.
 */
export function givenAnswers(
  questions: NonNullable<Run['questions']>,
  answers: Readonly<Record<string, unknown>>,
): readonly NewAnswer[] {
  const given = Object.entries(questions).filter(([key]) => Object.hasOwn(answers, key));
  return given.flatMap(([key, { schema }]) => {
    const parsed = rawAnswerSchema.safeParse(answers[key]);
    if (!parsed.success) throw misfit(key, parsed.error);
    return schema === undefined ? approvalAnswer(key, parsed.data) : [fieldAnswer(key, parsed.data)];
  });
}

function fieldAnswer(key: string, { action, content = {} }: RawAnswer): NewAnswer {
  const answer = storableJson(action === 'accept' ? { action, content } : { action });
  if (answer.length > MAX_ANSWER_CHARACTERS) {
    throw new AppError(
      'invalid_input',
      `The answer to \`${key}\` has ${answer.length} characters; at most ${MAX_ANSWER_CHARACTERS} fit.`,
    );
  }
  // What was entered is for the run, not for its log.
  return { key, answer, note: `${NOTES[action]} \`${key}\`` };
}

const NOTES = { accept: 'answered', decline: 'declined to answer', cancel: 'dismissed' } as const;

function approvalAnswer(key: string, { action, content = {} }: RawAnswer): readonly NewAnswer[] {
  if (action === 'cancel') return [];
  const parsed = approvalFields.safeParse(action === 'accept' ? content : { approve: false });
  if (!parsed.success) throw misfit(key, parsed.error);
  const { approve, reason: given } = parsed.data;
  const reason = given === undefined ? undefined : storableText(given, MAX_REASON_CHARACTERS);
  const because = reason === undefined ? '' : `: ${reason}`;
  const answer = JSON.stringify({ action: 'accept', content: { approve, reason } });
  return [{ key, answer, note: `${approve ? 'approved' : 'rejected'}${because}` }];
}

function misfit(key: string, error: z.ZodError): AppError {
  return new AppError('invalid_input', `The answer to \`${key}\` does not fit: ${misfitOf(error)}.`, {
    hint: 'Give {"action": "accept", "content": {…}} as the question wants it, or {"action": "decline"}; run_get shows it.',
  });
}
