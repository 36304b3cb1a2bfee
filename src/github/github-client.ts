import { setTimeout as sleep } from 'node:timers/promises';
import { request } from '@octokit/request';
import { z } from 'zod';
import { AppError, messageOf } from '../core/errors.ts';
import { withJoined } from '../core/joined-signal.ts';
import type { Log } from '../core/log.ts';
import { readVersion } from '../core/version.ts';
import { findLimitEnd, limitFailure, refusalFailure } from './github-failure.ts';
import type { GithubRefusal } from './github-failure.ts';
import { createGuardedFetch } from './guarded-fetch.ts';

/** Requests by typed routes: `send('GET /repos/{owner}/{repo}', { owner, repo })`. */
export type GithubRequest = typeof request;

export interface GithubAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  readonly data: unknown;
}

export interface GithubCall<T> {
  readonly schema: z.ZodType<T>;
  readonly send: (request: GithubRequest) => Promise<GithubAnswer>;
  /** Whether doing it twice is the same as once; others are not sent again once GitHub may have seen them. */
  readonly isRepeatable: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface GithubListing<T> {
  readonly items: readonly T[];
  /** False when there were more pages than are read. */
  readonly isComplete: boolean;
}

export interface GithubTiming {
  /** Of one attempt, until its last byte. */
  readonly timeoutMs: number;
  /** Before the first repetition; it doubles. */
  readonly backoffMs: number;
  /** What one call waits at most for the end of a rate limit. */
  readonly maxWaitMs: number;
  /** Between two looks at a fork that is being made. */
  readonly forkPollMs: number;
}

export interface GithubClientOptions {
  readonly apiUrl: string;
  readonly token: string;
  readonly log: Log;
  readonly timing: GithubTiming;
}

type Attempt =
  | { readonly kind: 'answer'; readonly answer: GithubAnswer }
  | { readonly kind: 'refusal'; readonly refusal: GithubRefusal }
  | { readonly kind: 'failure'; readonly failure: AppError; readonly again: 'never' | 'repeatable' | 'always' };

const MAX_ATTEMPTS = 4;
const MAX_PAGES = 20;
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;
/** The request never left this machine. */
const UNSENT_CODES = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

const refusedSchema = z.object({
  response: z.object({
    status: z.number(),
    headers: z.record(z.string(), z.union([z.string(), z.number()]).optional()),
    data: z.unknown(),
  }),
  request: z.object({ method: z.string(), url: z.string() }),
});

/**
 * The REST API of GitHub. What failed before GitHub acted (a rate limit, no connection) is sent again; what may have been done
 * only if it is repeatable. Throws AppErrors that say what to do; in none of them, and in no log line, is the token.
 */
export class GithubClient {
  readonly #request: GithubRequest;
  readonly #options: GithubClientOptions;

  /** Throws `not_configured` for a token that can't be sent. */
  constructor(options: GithubClientOptions) {
    const { apiUrl, token, log } = options;
    // RFC 9110, token68. The error of `fetch` for a bad header would quote it.
    if (!/^[\w.~+/=-]+$/.test(token)) {
      throw new AppError('not_configured', 'The token of `github.token` has characters that no token has.', {
        hint: 'Store it anew: `lightdom secret set github.token`.',
      });
    }
    const baseUrl = apiUrl.replace(/\/+$/, '');
    this.#options = options;
    this.#request = request.defaults({
      baseUrl,
      headers: { 'user-agent': `lightdom/${readVersion()}`, 'x-github-api-version': '2022-11-28' },
      request: {
        fetch: createGuardedFetch({ origin: new URL(baseUrl).origin, token, maxBytes: MAX_ANSWER_BYTES }),
        log: { warn: (text: string) => log.debug({ text }, 'GitHub warns') },
      },
    });
  }

  get timing(): GithubTiming {
    return this.#options.timing;
  }

  async call<T>(call: GithubCall<T>): Promise<T> {
    return shaped(call.schema, await this.#answerOf(call));
  }

  /** All pages, as their `Link` headers lead from one to the next, up to 20 of them. */
  async list<T>(call: Omit<GithubCall<readonly T[]>, 'isRepeatable'>): Promise<GithubListing<T>> {
    const items: T[] = [];
    let send = call.send;
    for (let page = 1; ; page += 1) {
      const answer = await this.#answerOf({ ...call, send, isRepeatable: true });
      items.push(...shaped(call.schema, answer));
      const next = nextPage(answer.headers['link']);
      if (next === undefined) return { items, isComplete: true };
      if (page === MAX_PAGES) return { items, isComplete: false };
      send = (request) => request(`GET ${next}`);
    }
  }

  async #answerOf(call: Omit<GithubCall<unknown>, 'schema'>): Promise<GithubAnswer> {
    let leftMs = this.#options.timing.maxWaitMs;
    for (let attempt = 1; ; attempt += 1) {
      const tried = await this.#try(call);
      if (tried.kind === 'answer') return tried.answer;
      const isLast = attempt === MAX_ATTEMPTS;
      const now = Date.now();
      const limitEnd = tried.kind === 'refusal' ? findLimitEnd(tried.refusal, now) : undefined;
      if (tried.kind === 'refusal' && limitEnd !== undefined) {
        const waitMs = limitEnd - now;
        if (isLast || waitMs > leftMs) throw limitFailure(tried.refusal, limitEnd);
        leftMs -= waitMs;
        await this.#wait(waitMs, 'rate limit', call.signal);
        continue;
      }
      const failure = tried.kind === 'refusal' ? refusalFailure(tried.refusal) : tried.failure;
      if (isLast || !isWorthRepeating(tried, call.isRepeatable)) throw failure;
      const jitter = 0.5 + Math.random() / 2;
      await this.#wait(this.#options.timing.backoffMs * 2 ** (attempt - 1) * jitter, failure.message, call.signal);
    }
  }

  async #try({ send, signal }: Pick<GithubCall<unknown>, 'send' | 'signal'>): Promise<Attempt> {
    const { timing } = this.#options;
    const outer = signal === undefined ? [] : [signal];
    return withJoined({ signals: outer, timeoutMs: timing.timeoutMs }, async (joined) => {
      try {
        return { kind: 'answer', answer: await send(this.#request.defaults({ request: { signal: joined } })) };
      } catch (error) {
        if (signal?.aborted === true) throw cancelled(signal);
        return joined.aborted ? timedOut(timing.timeoutMs) : failedAttempt(error);
      }
    });
  }

  async #wait(ms: number, why: string, signal: AbortSignal | undefined): Promise<void> {
    this.#options.log.debug({ ms: Math.round(ms), why }, 'a request to GitHub is sent again');
    try {
      await sleep(ms, undefined, { ...(signal !== undefined && { signal }) });
    } catch (error) {
      throw signal === undefined ? error : cancelled(signal);
    }
  }
}

function shaped<T>(schema: z.ZodType<T>, answer: GithubAnswer): T {
  const parsed = schema.safeParse(answer.data);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue === undefined ? '' : ` (${issue.path.join('.')}: ${issue.message})`;
  throw new AppError('upstream_failed', `GitHub answered in a form that is not known${where}.`, {
    hint: 'Check `github.apiUrl`: is that the base URL of a GitHub API?',
  });
}

function isWorthRepeating(tried: Attempt, isRepeatable: boolean): boolean {
  if (tried.kind === 'refusal') return isRepeatable && tried.refusal.status >= 500;
  return tried.kind === 'failure' && (tried.again === 'always' || (tried.again === 'repeatable' && isRepeatable));
}

function failedAttempt(error: unknown): Attempt {
  const refused = refusedSchema.safeParse(error);
  if (refused.success) {
    const { response, request } = refused.data;
    const path = new URL(request.url).pathname;
    return { kind: 'refusal', refusal: { ...response, method: request.method, path } };
  }
  const cause = error instanceof Error ? error.cause : undefined;
  // What the guard refuses it would refuse again.
  if (cause instanceof AppError) return { kind: 'failure', failure: cause, again: 'never' };
  const failure = new AppError('upstream_failed', `The GitHub API could not be asked: ${messageOf(error)}.`, {
    hint: 'Check the network and `github.apiUrl`.',
  });
  const isUnsent = UNSENT_CODES.has(networkCodeOf(cause) ?? '');
  return { kind: 'failure', failure, again: isUnsent ? 'always' : 'repeatable' };
}

/** The code of what `fetch` names as its cause. */
function networkCodeOf(thrown: unknown): string | undefined {
  const parsed = z.object({ cause: z.object({ code: z.string() }) }).safeParse(thrown);
  return parsed.success ? parsed.data.cause.code : undefined;
}

function timedOut(timeoutMs: number): Attempt {
  const failure = new AppError('timed_out', `GitHub gave no answer within ${timeoutMs} ms.`, { hint: 'Try again.' });
  return { kind: 'failure', failure, again: 'repeatable' };
}

function cancelled(signal: AbortSignal): AppError {
  if (signal.reason instanceof AppError) return signal.reason;
  return new AppError('cancelled', `A request to GitHub was cancelled: ${messageOf(signal.reason)}.`);
}

/** RFC 8288: `<https://…>; rel="next", <…>; rel="last"`. */
function nextPage(link: string | number | undefined): string | undefined {
  if (typeof link !== 'string') return undefined;
  return /<([^<>]{1,2000})>; rel="next"/.exec(link)?.[1];
}
