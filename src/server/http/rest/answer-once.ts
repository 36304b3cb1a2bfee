import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { canonicalJson } from '../../../core/canonical-json.ts';
import { AppError } from '../../../core/errors.ts';
import type { ErrorCode } from '../../../core/errors.ts';
import type { Log } from '../../../core/log.ts';
import { POLICY_HEADERS } from '../../dispatch/tool-policy.ts';
import { problemOf, PROBLEM_TYPE } from '../problem.ts';
import type { AnswerKeeper, KeptAnswer, KeyedRequest } from './rest-operation.ts';

export const KEY_HEADER = 'Idempotency-Key';
export const REPLAYED_HEADER = 'Idempotency-Replayed';
/** As the draft has it, in quotes or without. */
export const KEY_PATTERN = '^[\\x21-\\x7e]{1,255}$';

/** Refused before anything was done, and by what may be otherwise tomorrow: the key stays good. */
const NOTHING_DONE = new Set<ErrorCode>(['permission_denied', 'unsupported', 'not_ready', 'not_configured']);

export interface OnceDeps {
  readonly answers: AnswerKeeper;
  readonly log: Log;
}

/**
 * Answers a request that came with an `Idempotency-Key` once: the same request gets the first answer again, whatever that
 * was. Throws `conflict` while the first is at work or when its outcome is not known, `invalid_input` (422) for another
 * request with the key, or (400) for a key that is none.
 */
export async function answerOnce(
  { answers, log }: OnceDeps,
  request: KeyedRequest,
  work: () => Promise<KeptAnswer>,
): Promise<KeptAnswer & { readonly isReplayed: boolean }> {
  const state = await answers.begin(request);
  if (state.kind !== 'new') {
    if (state.fingerprint !== request.fingerprint) throw otherRequest(request.key);
    if (state.kind === 'answered') return { ...state.answer, isReplayed: true };
    throw state.isOurs ? atWork(request.key) : interrupted(request.key);
  }
  const { answer, isDone } = await outcomeOf(work);
  // The work is done whatever becomes of the record: its caller gets the answer.
  const kept = isDone ? answers.keep(request, answer) : answers.release(request);
  await kept.catch((error: unknown) => log.error({ err: error }, 'the answer to a keyed request could not be kept'));
  return { ...answer, isReplayed: false };
}

/** Undefined for a request without a key. */
export function keyedRequestOf({ headers, identity, method, url, body }: FastifyRequest): KeyedRequest | undefined {
  const given = headers[KEY_HEADER.toLowerCase()];
  if (given === undefined || method !== 'POST') return undefined;
  const key = String(given);
  if (!new RegExp(KEY_PATTERN).test(key)) {
    throw new AppError('invalid_input', `${KEY_HEADER} is not 1 to 255 visible ASCII characters.`, {
      hint: 'Send a UUID, a new one for each thing to be done.',
    });
  }
  const policy = Object.values(POLICY_HEADERS).map((name) => headers[name.toLowerCase()] ?? null);
  const fingerprint = createHash('sha256')
    .update(canonicalJson([method, url, policy, body ?? null]))
    .digest('hex');
  return { owner: identity?.principal ?? '', key, fingerprint };
}

async function outcomeOf(work: () => Promise<KeptAnswer>): Promise<{ answer: KeptAnswer; isDone: boolean }> {
  try {
    return { answer: await work(), isDone: true };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const problem = problemOf(error);
    const answer = { status: problem.status, type: PROBLEM_TYPE, body: JSON.stringify(problem) };
    return { answer, isDone: !NOTHING_DONE.has(error.code) };
  }
}

/** To be answered with 422. */
export class OtherRequest extends AppError {}

function otherRequest(key: string): AppError {
  return new OtherRequest(
    'invalid_input',
    `The ${KEY_HEADER} ${key.slice(0, 80)} was sent with another request before.`,
    {
      hint: 'Send a new key with a new request; the same key is for the same path, body and policy headers.',
    },
  );
}

function atWork(key: string): AppError {
  return new AppError('conflict', `The request with the ${KEY_HEADER} ${key.slice(0, 80)} is still at work.`, {
    hint: 'Send it again in a few seconds for its answer.',
  });
}

function interrupted(key: string): AppError {
  return new AppError('conflict', `The first request with the ${KEY_HEADER} ${key.slice(0, 80)} has left no answer.`, {
    hint: 'It may or may not have taken effect: look, and send a new key if it has not.',
  });
}
