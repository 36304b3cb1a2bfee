import { OpenAI } from 'openai';
import { AppError } from '../errors.ts';
import { estimateTokens } from '../token-estimate.ts';
import { failureOf } from './call-failure.ts';
import type { CallFailure } from './call-failure.ts';
import type { TokenUsage } from './chat-message.ts';
import { ChatStream } from './chat-stream.ts';
import type { Reservation } from './llm-budget.ts';
import type { ModelProfile } from './provider-profile.ts';
import type { requestBody } from './request-body.ts';
import { stopped } from './stop-reason.ts';
import type { Stopped } from './stop-reason.ts';

export interface AttemptRequest {
  readonly client: OpenAI;
  readonly profile: ModelProfile;
  readonly body: ReturnType<typeof requestBody>;
  readonly reservation: Reservation;
  readonly signal: AbortSignal;
}

/** How an attempt ended, and the usage that it is charged with: none where nothing was served. */
export interface AttemptEnd {
  readonly usage: TokenUsage | undefined;
  readonly end:
    | { readonly kind: 'answer'; readonly stream: ChatStream }
    | Stopped
    | ({ readonly kind: 'failure' } & CallFailure);
}

/** Retries are ours: those of the client sleep on after an abort. Nothing but the profile says where to and as whom. */
export function clientFor({ baseUrl, apiKey = 'none' }: ModelProfile, timeoutMs: number): OpenAI {
  return new OpenAI({
    baseURL: baseUrl,
    apiKey,
    organization: null,
    project: null,
    adminAPIKey: null,
    webhookSecret: null,
    maxRetries: 0,
    timeout: timeoutMs,
    logLevel: 'off',
    // Another host is one that nobody has named, and it would get all that is sent.
    fetchOptions: { redirect: 'error' },
  });
}

/** Sends one request and reads its answer to the end. What it has read is dropped with it: an answer is never pieced together of two. */
export async function attemptCall(request: AttemptRequest): Promise<AttemptEnd> {
  const { client, profile, body, reservation, signal } = request;
  const stream = new ChatStream();
  let isServed = false;
  try {
    const chunks: AsyncIterable<unknown> = await client.chat.completions.create(body, { signal });
    isServed = true;
    for await (const chunk of chunks) {
      stream.add(chunk);
      const overrun = reservation.findOverrun(stream.answeredTokens);
      // Leaving the loop closes the connection: what is not read is not written on.
      if (overrun !== undefined) return { usage: usageOf(stream, body), end: overrun };
    }
    return { usage: usageOf(stream, body), end: endOf(stream, profile) };
  } catch (error) {
    return {
      usage: isServed ? usageOf(stream, body) : undefined,
      end: { kind: 'failure', ...failureOf(error, profile) },
    };
  }
}

/** What a request comes to at most before its answer. */
export function sentTokens({ messages, tools }: ReturnType<typeof requestBody>): number {
  return estimateTokens(JSON.stringify([messages, tools ?? []]));
}

function usageOf(stream: ChatStream, body: AttemptRequest['body']): TokenUsage {
  return stream.usage ?? { sent: sentTokens(body), cached: 0, answered: stream.answeredTokens };
}

function endOf(stream: ChatStream, profile: ModelProfile): AttemptEnd['end'] {
  const who = `The model \`${profile.model}\` of ${profile.provider}`;
  if (stream.isEmpty) {
    const error = new AppError('upstream_failed', `${who} gave an answer without choices.`, {
      hint: 'Try again later.',
    });
    return { kind: 'failure', stop: stopped('malformed', error), isRepeatable: true, retryAfterMs: undefined };
  }
  if (stream.finishReason === undefined) {
    const error = new AppError('upstream_failed', `${who} broke its answer off.`, { hint: 'Try again later.' });
    return { kind: 'failure', stop: stopped('upstream_failed', error), isRepeatable: true, retryAfterMs: undefined };
  }
  if (stream.finishReason === 'content_filter') {
    const error = new AppError(
      'upstream_failed',
      `${who} withheld its answer: its filter of contents did not let it pass.`,
      {
        hint: 'Ask for something else, or ask another model.',
      },
    );
    return stopped('content_filtered', error);
  }
  return { kind: 'answer', stream };
}
