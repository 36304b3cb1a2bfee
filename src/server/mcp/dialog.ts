import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import type { Sealer } from '../../core/seal.ts';
import { InputNeeded } from '../../surface/index.ts';
import type { AskingContext, Caller } from '../../surface/index.ts';

/** What a client gives back with a call that it repeats. From outside, all of it. */
export interface CallRetry {
  readonly responses: Readonly<Record<string, unknown>>;
  readonly state: string | undefined;
}

export interface DialogOptions {
  readonly sealer: () => Sealer;
  readonly caller: Caller;
  /** What is called, and with what: answers count for the same call alone. */
  readonly subject: readonly string[];
  readonly retry: CallRetry | undefined;
}

/** A person may have gone for a while; longer, and the question is asked anew. */
const STATE_TTL_MS = 30 * 60_000;
const answersSchema = z.record(z.string(), z.unknown());

/** The code in the details of an error about state that a client changed or kept too long. */
export const STATE_FAULT = 'state';

/**
 * The questions of one call. Answers of earlier rounds travel in the state. Throws `invalid_input` for a state that this
 * server did not give to this caller for this call.
 */
export function openDialog({ sealer, caller, subject, retry }: DialogOptions): AskingContext {
  const purpose = ['input', caller.principal, ...subject];
  const earlier = earlierAnswers(sealer, purpose, retry?.state);
  const answers: Record<string, unknown> = { ...earlier, ...retry?.responses };
  const asked: Record<string, unknown> = { ...earlier };
  return {
    caller,
    ask(requests, isValid = () => true) {
      const keys = Object.keys(requests);
      const isAnswered = (key: string): boolean => Object.hasOwn(answers, key) && isValid(answers[key], key);
      for (const key of keys.filter(isAnswered)) asked[key] = answers[key];
      const missing = keys.filter((key) => !isAnswered(key));
      if (missing.length === 0) {
        return Promise.resolve(Object.fromEntries(keys.map((key) => [key, answers[key]])));
      }
      const open = Object.fromEntries(Object.entries(requests).filter(([key]) => missing.includes(key)));
      return Promise.reject(new InputNeeded(open, sealer().seal(purpose, asked, STATE_TTL_MS)));
    },
  };
}

function earlierAnswers(sealer: () => Sealer, purpose: readonly string[], state: string | undefined) {
  if (state === undefined) return {};
  try {
    return answersSchema.parse(sealer().open(purpose, state));
  } catch (error) {
    throw new AppError('invalid_input', 'The requestState is not one that this server gave to you for this call.', {
      hint: 'Call again without requestState and inputResponses.',
      details: { fault: STATE_FAULT },
      cause: error,
    });
  }
}
