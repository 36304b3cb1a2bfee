import type { OpenAI } from 'openai';
import { AppError } from '../errors.ts';
import { withJoined } from '../joined-signal.ts';
import type { Log } from '../log.ts';
import { attemptCall, clientFor, sentTokens } from './call-attempt.ts';
import type { AttemptEnd } from './call-attempt.ts';
import type { CallFailure } from './call-failure.ts';
import { backoffOf, nowMs, pause, timingOf } from './call-timing.ts';
import type { CallTiming } from './call-timing.ts';
import type { AssistantMessage, ToolCall } from './chat-message.ts';
import type { ChatStream } from './chat-stream.ts';
import type { LlmBudget, Spending } from './llm-budget.ts';
import type { ModelProfile } from './provider-profile.ts';
import { requestBody } from './request-body.ts';
import type { ModelQuestion } from './request-body.ts';
import { redactedAnswer, redactionFor } from './sent-redaction.ts';
import { stopped } from './stop-reason.ts';
import type { Stopped } from './stop-reason.ts';

/** A model that can be asked. */
export interface ChatModel {
  readonly profile: ModelProfile;
  readonly timing?: Partial<CallTiming> | undefined;
}

export interface CallContext {
  readonly model: ChatModel;
  readonly budget: LlmBudget;
  readonly signal: AbortSignal;
  readonly log: Log;
}

export interface ModelAnswer {
  readonly kind: 'answer';
  /** To be kept and sent back: without what looks like a secret. */
  readonly message: AssistantMessage;
  /** To be run, and nothing else: as the model wrote them. Code may look like a secret, and a mask in its place would be written into files. */
  readonly toolCalls: readonly ToolCall[];
  /** It ended at its longest, in the middle. */
  readonly isCut: boolean;
}

export interface ModelCallResult {
  readonly end: ModelAnswer | Stopped;
  /** Of all attempts. */
  readonly spent: Spending;
}

interface Call extends CallContext {
  readonly client: OpenAI;
  readonly timing: CallTiming;
  readonly body: ReturnType<typeof requestBody>;
  readonly deadline: number;
}

/**
 * Asks a model once, and again where that may help: after 408, 409, 429, 5xx, a connection that broke, an answer that is cut or no
 * JSON. Never throws for what a server or the caller's signal does: that is a stop with its reason. Throws `not_configured` where the
 * budget is in US dollars and nobody knows the price.
 */
export async function callModel(context: CallContext, question: ModelQuestion): Promise<ModelCallResult> {
  const { model, budget, signal } = context;
  const { profile } = model;
  budget.requirePrice(profile);
  if (signal.aborted) return { end: cancelledStop(profile), spent: { usd: 0, tokens: 0, steps: 0 } };
  const noStep = budget.takeStep();
  if (noStep !== undefined) return { end: noStep, spent: { usd: 0, tokens: 0, steps: 0 } };
  const timing = timingOf(model.timing);
  const client = clientFor(profile, timing.attemptMs);
  const call: Call = {
    ...context,
    client,
    timing,
    body: requestBody(profile, question),
    deadline: nowMs() + timing.totalMs,
  };
  let [usd, tokens] = [0, 0];
  const answered = question.maxTokens ?? profile.maxTokens;
  for (let attempt = 1; ; attempt += 1) {
    const { end, spent } = await attemptOnce(call, answered);
    usd += spent.usd;
    tokens += spent.tokens;
    const next = await decide(call, { end, attempt });
    if (next !== 'again') return { end: next, spent: { usd, tokens, steps: 1 } };
  }
}

async function attemptOnce(call: Call, answered: number): Promise<{ end: AttemptEnd['end']; spent: Spending }> {
  const { model, budget, signal, body, client, timing, deadline } = call;
  const { profile } = model;
  const reservation = budget.reserve({ sent: sentTokens(body), answered, price: profile.price });
  if (reservation.kind === 'stopped') return { end: reservation, spent: { usd: 0, tokens: 0, steps: 0 } };
  const timeoutMs = Math.max(1, Math.min(timing.attemptMs, deadline - nowMs(), budget.remainingMs));
  const { end, usage } = await withJoined({ signals: [signal], timeoutMs }, async (joined) =>
    attemptCall({ client, profile, body, reservation, signal: joined }),
  );
  return { end, spent: reservation.settle(usage) };
}

/** The answer, the stop, or that it is to be sent again; in that case the pause is over. */
async function decide(
  call: Call,
  { end, attempt }: { readonly end: AttemptEnd['end']; readonly attempt: number },
): Promise<ModelAnswer | Stopped | 'again'> {
  const { model, budget, signal, log, timing } = call;
  if (end.kind === 'answer') return answerOf(end.stream, call);
  if (end.kind === 'stopped') return end;
  if (signal.aborted) return cancelledStop(model.profile);
  if (budget.remainingMs <= 0) return budget.wallStop();
  const waitMs = end.isRepeatable && attempt < timing.maxAttempts ? findPause(end, { attempt, call }) : undefined;
  if (waitMs === undefined) return end.stop;
  log.debug({ attempt, waitMs, problem: end.stop.error.message }, 'asking the model again');
  await pause(waitMs, signal);
  if (signal.aborted) return cancelledStop(model.profile);
  return budget.remainingMs <= 0 ? budget.wallStop() : 'again';
}

/** None where the server wants more patience than there is. */
function findPause(
  { retryAfterMs }: CallFailure,
  { attempt, call }: { readonly attempt: number; readonly call: Call },
): number | undefined {
  const { timing, deadline } = call;
  if (retryAfterMs !== undefined && retryAfterMs > timing.maxBackoffMs) return undefined;
  const waitMs = retryAfterMs ?? backoffOf(attempt, timing);
  return nowMs() + waitMs < deadline ? waitMs : undefined;
}

function answerOf(stream: ChatStream, { model, log, body }: Call): ModelAnswer | Stopped {
  const { profile } = model;
  const redact = redactionFor(profile);
  if (stream.refusal !== '' && stream.content === '') {
    const message = `The model \`${profile.model}\` of ${profile.provider} would not answer: ${redact(stream.refusal).slice(0, 500)}`;
    return stopped('refused', new AppError('upstream_failed', message, { hint: 'Ask for something else.' }));
  }
  const toolCalls = stream.toolCalls(String(body.messages.length));
  const { content, reasoning } = stream;
  const message = redactedAnswer({ role: 'assistant', content, reasoning, toolCalls }, redact);
  log.debug({ model: profile.model, usage: stream.usage, finish: stream.finishReason }, 'the model answered');
  return { kind: 'answer', message, toolCalls, isCut: stream.finishReason === 'length' };
}

function cancelledStop({ provider, model }: ModelProfile): Stopped {
  return stopped(
    'cancelled',
    new AppError('cancelled', `The call of the model \`${model}\` of ${provider} was cancelled.`),
  );
}
