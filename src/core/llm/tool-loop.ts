import { AppError, describeError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { ChatMessage, ToolCall } from './chat-message.ts';
import type { LlmBudget, Spending } from './llm-budget.ts';
import { toolWords } from './loop-tool.ts';
import type { LoopTool } from './loop-tool.ts';
import { callModel } from './model-call.ts';
import type { ChatModel, ModelAnswer } from './model-call.ts';
import { redactionFor } from './sent-redaction.ts';
import { stopped } from './stop-reason.ts';
import type { Stopped, StopReason } from './stop-reason.ts';
import { ToolTurn } from './tool-turn.ts';

export interface ToolLoopRequest {
  readonly model: ChatModel;
  readonly system: string;
  readonly user: string;
  readonly tools: readonly LoopTool[];
  /** Shared with others by reference; its wall time goes on from when it was made. */
  readonly budget: LlmBudget;
  readonly signal: AbortSignal;
  readonly log: Log;
  /** Whether the model may think before it answers, where that can be chosen; no without it. */
  readonly mayThink?: boolean | undefined;
}

export interface ToolLoopResult {
  readonly stopReason: StopReason;
  /** The last thing that the model said, also where the loop was stopped. */
  readonly text: string;
  /** Why it was stopped and what would help; absent when it finished. */
  readonly problem: string | undefined;
  /** All that was said, as it was sent: without secrets. */
  readonly transcript: readonly ChatMessage[];
  /** Of this loop alone. */
  readonly spent: Spending;
}

/** Turns in a row in which nothing that the model said could be used. */
const MAX_MALFORMED_TURNS = 3;
/** Whatever the budget allows. */
const MAX_TURNS = 100;
const EMPTY_ANSWER = 'Your answer was empty. Call a tool, or say in a sentence what you have found.';

/**
 * Lets a model call tools until it answers without one, a tool ends it, or it is stopped. What a tool can't do is told to the model; the
 * loop throws only where a budget in US dollars can't be kept for want of a price.
 */
export async function runToolLoop(request: ToolLoopRequest): Promise<ToolLoopResult> {
  const loop = new ToolLoop(request);
  for (let turn = 1; turn <= MAX_TURNS; turn += 1) {
    const end = await loop.takeTurn();
    if (end !== 'next') return loop.resultOf(end);
  }
  const message = `The model was asked ${MAX_TURNS} times and did not finish.`;
  return loop.resultOf(stopped('budget_steps', new AppError('limit_reached', message)));
}

type TurnEnd = 'next' | 'finished' | Stopped;

class ToolLoop {
  readonly #request: ToolLoopRequest;
  readonly #messages: ChatMessage[];
  readonly #turns: ToolTurn;
  #spent: Spending = { usd: 0, tokens: 0, steps: 0 };
  #text = '';
  #malformedTurns = 0;

  constructor(request: ToolLoopRequest) {
    const redact = redactionFor(request.model.profile);
    this.#request = request;
    this.#turns = new ToolTurn({ ...request, redact });
    this.#messages = [
      { role: 'system', content: redact(request.system) },
      { role: 'user', content: redact(request.user) },
    ];
  }

  async takeTurn(): Promise<TurnEnd> {
    const { tools, mayThink } = this.#request;
    const { end, spent } = await callModel(this.#request, {
      messages: this.#messages,
      tools: tools.map(toolWords),
      mayThink,
    });
    this.#book(spent);
    if (end.kind === 'stopped') return end;
    return this.#take(end);
  }

  resultOf(end: 'finished' | Stopped): ToolLoopResult {
    const isFinished = end === 'finished';
    return {
      stopReason: isFinished ? 'finished' : end.reason,
      text: this.#text,
      problem: isFinished ? undefined : describeError(end.error),
      transcript: this.#messages,
      spent: this.#spent,
    };
  }

  async #take({ message, toolCalls, isCut }: ModelAnswer): Promise<TurnEnd> {
    if (message.content !== '') this.#text = message.content;
    if (isCut) {
      // Its calls may be cut, too: half of an edit is worse than none.
      this.#messages.push({ ...message, toolCalls: [] });
      return stopped('length', lengthError(this.#request.model));
    }
    if (toolCalls.length === 0) return this.#withoutCalls(message);
    this.#messages.push(message);
    return this.#runCalls(toolCalls);
  }

  #withoutCalls(message: ModelAnswer['message']): TurnEnd {
    if (message.content.trim() !== '') {
      this.#messages.push(message);
      return 'finished';
    }
    this.#messages.push(message, { role: 'user', content: EMPTY_ANSWER });
    return this.#malformed('its answers were empty');
  }

  async #runCalls(toolCalls: readonly ToolCall[]): Promise<TurnEnd> {
    const { messages, end, isMalformed } = await this.#turns.run(toolCalls);
    this.#messages.push(...messages);
    if (end !== 'next') return end;
    if (isMalformed) return this.#malformed('no call of a tool could be read');
    this.#malformedTurns = 0;
    return 'next';
  }

  #malformed(why: string): TurnEnd {
    this.#malformedTurns += 1;
    if (this.#malformedTurns < MAX_MALFORMED_TURNS) return 'next';
    const message = `The model was given up after ${MAX_MALFORMED_TURNS} turns in a row: ${why}.`;
    return stopped(
      'malformed',
      new AppError('upstream_failed', message, { hint: 'Use a model that is better with tools.' }),
    );
  }

  #book({ usd, tokens, steps }: Spending): void {
    const spent = this.#spent;
    this.#spent = { usd: spent.usd + usd, tokens: spent.tokens + tokens, steps: spent.steps + steps };
  }
}

function lengthError({ profile }: ChatModel): AppError {
  const { provider, model, maxTokens } = profile;
  const hint = provider === 'mock' ? {} : { hint: `Raise \`ai.${provider}.maxTokens\`.` };
  return new AppError('limit_reached', `The answer of \`${model}\` was cut at ${maxTokens} tokens.`, hint);
}
