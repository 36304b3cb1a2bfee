import { z } from 'zod';
import { AppError } from '../core/errors.ts';
import { visibleText } from '../core/outside-text.ts';
import { redactText } from '../core/redact.ts';

/** An answer of GitHub that is no success. */
export interface GithubRefusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  readonly data: unknown;
  readonly method: string;
  /** Of the URL, without query. */
  readonly path: string;
}

/** What a refusal of a pull request says, where its words are known. */
export type RefusalReason = 'exists' | 'no_commits' | 'bad_head' | 'bad_base' | 'no_drafts' | 'other';

const MAX_REASON_CHARACTERS = 500;
/** GitHub asks for a minute where it names no time. */
const UNNAMED_WAIT_MS = 60_000;
const TOKEN_HINT = 'Store one that is valid: `lightdom secret set github.token`, or set GITHUB_TOKEN.';

const bodySchema = z.object({
  message: z.string().catch(''),
  errors: z
    .array(
      z.union([
        z.string(),
        z.object({
          message: z.string().optional(),
          resource: z.string().optional(),
          field: z.string().optional(),
          code: z.string().optional(),
        }),
      ]),
    )
    .catch([]),
});

/**
 * When requests are taken again, in ms since 1970, if the refusal is one of a rate limit. Source: "Rate limits for the REST
 * API" of GitHub's docs: `retry-after`, else `x-ratelimit-reset` once nothing remains, else a minute.
 */
export function findLimitEnd(refusal: GithubRefusal, now: number): number | undefined {
  const { status, headers } = refusal;
  if (status !== 403 && status !== 429) return undefined;
  const after = Number(headers['retry-after'] ?? Number.NaN);
  if (Number.isFinite(after)) return now + Math.max(0, after) * 1000;
  const reset = Number(headers['x-ratelimit-reset'] ?? Number.NaN);
  if (String(headers['x-ratelimit-remaining']) === '0' && Number.isFinite(reset)) return Math.max(now, reset * 1000);
  return status === 429 || /rate limit/i.test(reasonOf(refusal)) ? now + UNNAMED_WAIT_MS : undefined;
}

/** A rate limit that lasts longer than is waited for. */
export function limitFailure(refusal: GithubRefusal, until: number): AppError {
  const retryAt = new Date(until).toISOString();
  const message = `GitHub takes no more requests until ${retryAt}: ${reasonOf(refusal)}`;
  return new AppError('limit_reached', message, {
    hint: 'Go on after that time.',
    details: { ...detailsOf(refusal), retryAt },
  });
}

/** The refusal as an error that says what to do. `details` has status, method, path, and `reason` of a 422. */
export function refusalFailure(refusal: GithubRefusal): AppError {
  const { status, method, path } = refusal;
  const details = detailsOf(refusal);
  const reason = reasonOf(refusal);
  const what = `${method} ${path}`;
  switch (status) {
    case 401: {
      const message = `GitHub does not take the token of \`github.token\`: ${reason}`;
      return new AppError('permission_denied', message, { hint: TOKEN_HINT, details });
    }
    case 403:
      return new AppError('permission_denied', `GitHub denied ${what}: ${reason}`, {
        hint: permissionHint(refusal),
        details,
      });
    case 404:
      return new AppError('not_found', `GitHub knows nothing at ${path}: ${reason}`, {
        hint: 'Check the names; it may also be private, and the token of `github.token` does not see it.',
        details,
      });
    case 409:
      return new AppError('conflict', `GitHub could not do ${what} as things are: ${reason}`, { details });
    case 410:
      return new AppError('unsupported', `${path} is switched off at GitHub: ${reason}`, { details });
    case 422:
      return new AppError('invalid_input', `GitHub refused ${what}: ${reason}`, {
        details: { ...details, reason: kindOf(reason) },
      });
    default:
      return new AppError('upstream_failed', `GitHub answered ${what} with ${status}: ${reason}`, { details });
  }
}

/** The HTTP status behind an error of {@link refusalFailure}. */
export function statusOf(error: unknown): number | undefined {
  if (!(error instanceof AppError)) return undefined;
  const { status } = error.details;
  return typeof status === 'number' ? status : undefined;
}

export function refusalReasonOf(error: unknown): RefusalReason | undefined {
  const parsed = reasonSchema.safeParse(error instanceof AppError ? error.details['reason'] : undefined);
  return parsed.success ? parsed.data : undefined;
}

const reasonSchema = z.enum(['exists', 'no_commits', 'bad_head', 'bad_base', 'no_drafts', 'other']);

function detailsOf({ status, method, path, headers }: GithubRefusal): Readonly<Record<string, unknown>> {
  const requestId = headers['x-github-request-id'];
  return { status, method, path, ...(requestId !== undefined && { requestId }) };
}

/** GitHub's own words: text from outside, made harmless and short. */
function reasonOf({ data, status }: GithubRefusal): string {
  const parsed = bodySchema.safeParse(data);
  if (!parsed.success) return `status ${status} without a reason.`;
  const errors = parsed.data.errors.map((error) => (typeof error === 'string' ? error : partText(error)));
  const text = [parsed.data.message, ...errors].filter((part) => part !== '').join('; ');
  const shown = redactText(visibleText(text)).replace(/\s+/g, ' ').slice(0, MAX_REASON_CHARACTERS).trim();
  return shown === '' ? `status ${status} without a reason.` : `${shown.replace(/\.$/, '')}.`;
}

function partText(error: {
  readonly message?: string | undefined;
  readonly resource?: string | undefined;
  readonly field?: string | undefined;
  readonly code?: string | undefined;
}): string {
  if (error.message !== undefined) return error.message;
  return [error.resource, error.field, error.code].filter((part) => part !== undefined).join(' ');
}

function kindOf(reason: string): RefusalReason {
  if (/already[ _]exists/i.test(reason)) return 'exists';
  if (/no commits between/i.test(reason)) return 'no_commits';
  if (/draft pull requests are not supported/i.test(reason)) return 'no_drafts';
  if (/\bhead\b/i.test(reason)) return 'bad_head';
  return /\bbase\b/i.test(reason) ? 'bad_base' : 'other';
}

function permissionHint({ headers }: GithubRefusal): string {
  if (headers['x-github-sso'] !== undefined) return 'Authorize the token for single sign-on of that organization.';
  const accepted = headers['x-accepted-github-permissions'];
  const needed =
    accepted === undefined ? 'contents and pull requests: write' : redactText(visibleText(String(accepted)));
  return `The token of \`github.token\` needs: ${needed}. Where it can't have that, set \`github.fork\`.`;
}
