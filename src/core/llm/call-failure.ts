import { APIConnectionError, APIError, APIUserAbortError } from 'openai';
import { AppError, messageOf } from '../errors.ts';
import type { ErrorCode } from '../errors.ts';
import { findRetryAfter } from './call-timing.ts';
import type { ModelProfile } from './provider-profile.ts';
import { redactionFor } from './sent-redaction.ts';
import { stopped } from './stop-reason.ts';
import type { Stopped } from './stop-reason.ts';

/** What an attempt that failed means. */
export interface CallFailure {
  /** What it comes to when it is the last one. */
  readonly stop: Stopped;
  readonly isRepeatable: boolean;
  /** Pause that the server asks for. */
  readonly retryAfterMs: number | undefined;
}

const MAX_DETAIL = 500;

/** Reads what was thrown at an attempt. */
export function failureOf(thrown: unknown, profile: ModelProfile): CallFailure {
  if (thrown instanceof APIUserAbortError || thrown instanceof APIConnectionError)
    return networkFailure(thrown, profile);
  if (isAnswered(thrown)) return answeredFailure(thrown, profile);
  if (thrown instanceof SyntaxError) {
    return failed(profile, {
      thrown,
      reason: 'malformed',
      what: 'gave an answer that is no valid JSON',
      isRepeatable: true,
    });
  }
  return networkFailure(thrown, profile);
}

/** Its own type says `any`. */
function isAnswered(thrown: unknown): thrown is APIError {
  return thrown instanceof APIError;
}

function networkFailure(thrown: unknown, profile: ModelProfile): CallFailure {
  return failed(profile, {
    thrown,
    reason: 'upstream_failed',
    what: 'could not be reached, or fell silent',
    isRepeatable: true,
  });
}

/** Statuses that say: later. */
const REPEATABLE: ReadonlySet<number> = new Set([408, 409, 429]);

function answeredFailure(thrown: APIError, profile: ModelProfile): CallFailure {
  const status: unknown = thrown.status;
  const headers: unknown = thrown.headers;
  const retryAfterMs = findRetryAfter(headers instanceof Headers ? headers : undefined);
  // Without a status it came in the middle of a stream.
  if (typeof status !== 'number') {
    return failed(profile, {
      thrown,
      reason: 'upstream_failed',
      what: 'ended its answer with an error',
      isRepeatable: true,
    });
  }
  const what = `answered ${status}`;
  if (status === 429)
    return { ...failed(profile, { thrown, reason: 'rate_limited', what, isRepeatable: true }), retryAfterMs };
  if (REPEATABLE.has(status) || status >= 500) {
    return { ...failed(profile, { thrown, reason: 'upstream_failed', what, isRepeatable: true }), retryAfterMs };
  }
  return refusal(thrown, { status, profile });
}

function refusal(
  thrown: APIError,
  { status, profile }: { readonly status: number; readonly profile: ModelProfile },
): CallFailure {
  const what = `answered ${status}`;
  const told = `${thrown.code ?? ''} ${thrown.message}`;
  if (/content_filter|content_policy/i.test(told)) {
    return failed(profile, { thrown, reason: 'content_filtered', what, isRepeatable: false });
  }
  if (/context_length|maximum context/i.test(told)) {
    const hint = 'Ask with less text: fewer files, smaller windows.';
    return failed(profile, { thrown, reason: 'length', what, hint, isRepeatable: false });
  }
  return failed(profile, { thrown, reason: 'refused', what, ...remedyFor(status, profile), isRepeatable: false });
}

function remedyFor(status: number, { provider, model, baseUrl }: ModelProfile): { hint: string; code: ErrorCode } {
  const key = `\`ai.${provider}.apiKey\``;
  switch (status) {
    case 401:
    case 403:
      return {
        code: 'not_configured',
        hint: `Check ${key}: \`lightdom secret set ai.${provider}.apiKey\` stores another one.`,
      };
    case 402:
      return { code: 'not_configured', hint: `The account has no balance left: top it up, or use another ${key}.` };
    case 404:
      return {
        code: 'not_configured',
        hint: `Check \`ai.${provider}.model\` (\`${model}\`) and \`ai.${provider}.baseUrl\` (${baseUrl}).`,
      };
    default:
      return { code: 'upstream_failed', hint: 'The request itself was refused; trying it again would not help.' };
  }
}

interface FailedParts {
  readonly thrown: unknown;
  readonly reason: Stopped['reason'];
  readonly what: string;
  readonly isRepeatable: boolean;
  readonly hint?: string;
  readonly code?: ErrorCode;
}

function failed(profile: ModelProfile, parts: FailedParts): CallFailure {
  const { thrown, reason, what, isRepeatable, hint = 'Try again later.', code = 'upstream_failed' } = parts;
  const redact = redactionFor(profile);
  const detail = redact(detailOf(thrown)).slice(0, MAX_DETAIL);
  const message = `The model \`${profile.model}\` of ${profile.provider} ${what}: ${detail}`;
  // Without its cause: a server may quote the key in it.
  const error = new AppError(code, message, { hint: redact(hint) });
  return { stop: stopped(reason, error), isRepeatable, retryAfterMs: undefined };
}

function detailOf(thrown: unknown): string {
  const { cause } = thrown instanceof Error ? thrown : { cause: undefined };
  return cause === undefined ? messageOf(thrown) : `${messageOf(thrown)} (${messageOf(cause)})`;
}
