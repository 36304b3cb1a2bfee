import { performance } from 'node:perf_hooks';
import { AppError } from '../errors.ts';
import type { TokenUsage } from './chat-message.ts';
import { costOf } from './model-price.ts';
import type { ModelPrice } from './model-price.ts';
import type { ModelProfile } from './provider-profile.ts';
import { stopped } from './stop-reason.ts';
import type { Stopped } from './stop-reason.ts';

/** What may be spent; what is left out is not bounded. */
export interface BudgetLimits {
  readonly usd?: number | undefined;
  /** Sent and answered together. */
  readonly tokens?: number | undefined;
  /** Calls of a model; repetitions of a call that failed are the same step. */
  readonly steps?: number | undefined;
  /** Since the budget was made. */
  readonly wallMs?: number | undefined;
  readonly toolCalls?: number | undefined;
}

export interface Spending {
  readonly usd: number;
  readonly tokens: number;
  readonly steps: number;
}

/** What one attempt of a call may come to. */
export interface CallEstimate {
  readonly sent: number;
  readonly answered: number;
  readonly price: ModelPrice | undefined;
}

/** The part of a budget that is held for one attempt. Settled once; later calls of `settle` do nothing. */
export interface Reservation {
  readonly kind: 'reserved';
  /** Why the attempt has to end, once its answer is longer than the budget can bear. */
  findOverrun(answered: number): Stopped | undefined;
  /** Gives back what is held, and books what was used: nothing where nothing was served. */
  settle(usage: TokenUsage | undefined): Spending;
}

type Held = { readonly usd: number; readonly tokens: number };

const NOTHING_HELD: Held = { usd: 0, tokens: 0 };

/**
 * One budget for all the calls that share it, nested ones too: it is handed on by reference. Each attempt reserves what it may come to
 * before it is sent, so calls side by side can't overdraw it together.
 */
export class LlmBudget {
  readonly #limits: BudgetLimits;
  readonly #now: () => number;
  readonly #startedAt: number;
  readonly #held = new Set<Held>();
  #usd = 0;
  #tokens = 0;
  #steps = 0;
  #toolCalls = 0;

  constructor(limits: BudgetLimits = {}, now: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#now = now;
    this.#startedAt = now();
  }

  get spent(): Spending & { readonly toolCalls: number } {
    return { usd: this.#usd, tokens: this.#tokens, steps: this.#steps, toolCalls: this.#toolCalls };
  }

  /** Infinity without a limit. */
  get remainingMs(): number {
    const { wallMs } = this.#limits;
    return wallMs === undefined ? Infinity : Math.max(0, this.#startedAt + wallMs - this.#now());
  }

  /** Throws `not_configured` for a budget in US dollars and a model whose price nobody knows: it could not be kept. */
  requirePrice({ provider, model, price }: ModelProfile): void {
    if (this.#limits.usd === undefined || price !== undefined) return;
    const keys =
      provider === 'mock'
        ? '`price` in its script'
        : `\`ai.${provider}.priceInput\` and \`ai.${provider}.priceOutput\``;
    throw new AppError(
      'not_configured',
      `The price of the model \`${model}\` of ${provider} is not known, so a budget of ${this.#limits.usd} US dollars can't be kept.`,
      { hint: `Set ${keys} (0 for a model of your own), or give a budget in tokens alone.` },
    );
  }

  /** Counts a step, or says why there is none left. */
  takeStep(): Stopped | undefined {
    if (this.remainingMs <= 0) return this.wallStop();
    const { steps } = this.#limits;
    if (steps !== undefined && this.#steps >= steps) return spentStop('budget_steps', `${steps} calls of the model`);
    this.#steps += 1;
    return undefined;
  }

  /** Counts a call of a tool, or says why there is none left. */
  takeToolCall(): Stopped | undefined {
    if (this.remainingMs <= 0) return this.wallStop();
    const { toolCalls } = this.#limits;
    if (toolCalls !== undefined && this.#toolCalls >= toolCalls)
      return spentStop('budget_steps', `${toolCalls} calls of tools`);
    this.#toolCalls += 1;
    return undefined;
  }

  reserve(estimate: CallEstimate): Reservation | Stopped {
    if (this.remainingMs <= 0) return this.wallStop();
    const held = heldFor(estimate, estimate.answered);
    const stop = this.#findStop(held);
    if (stop !== undefined) return stop;
    this.#held.add(held);
    return this.#reservation(held, estimate);
  }

  wallStop(): Stopped {
    return spentStop('budget_wall', `${this.#limits.wallMs ?? 0} ms`);
  }

  #reservation(held: Held, estimate: CallEstimate): Reservation {
    return {
      kind: 'reserved',
      findOverrun: (answered) => {
        if (this.remainingMs <= 0) return this.wallStop();
        return answered <= estimate.answered ? undefined : this.#findStop(heldFor(estimate, answered), held);
      },
      settle: (usage) => {
        if (!this.#held.delete(held) || usage === undefined) return { usd: 0, tokens: 0, steps: 0 };
        const [usd, tokens] = [costOf(usage, estimate.price), usage.sent + usage.answered];
        this.#usd += usd;
        this.#tokens += tokens;
        return { usd, tokens, steps: 0 };
      },
    };
  }

  /** Whether there is room for `wanted` beside what is spent and what others hold. */
  #findStop(wanted: Held, own: Held = NOTHING_HELD): Stopped | undefined {
    const { usd, tokens } = this.#limits;
    let [heldUsd, heldTokens] = [-own.usd, -own.tokens];
    for (const held of this.#held) {
      heldUsd += held.usd;
      heldTokens += held.tokens;
    }
    if (tokens !== undefined && this.#tokens + heldTokens + wanted.tokens > tokens) {
      return spentStop(
        'budget_tokens',
        `${tokens} tokens`,
        `${this.#tokens} are spent, the next call may need ${wanted.tokens}`,
      );
    }
    if (usd !== undefined && this.#usd + heldUsd + wanted.usd > usd) {
      const [spent, next] = [this.#usd, wanted.usd].map((amount) => amount.toFixed(6));
      return spentStop('budget_usd', `${usd} US dollars`, `${spent} are spent, the next call may cost ${next}`);
    }
    return undefined;
  }
}

function heldFor({ sent, price }: CallEstimate, answered: number): Held {
  return { tokens: sent + answered, usd: costOf({ sent, cached: 0, answered }, price) };
}

function spentStop(reason: Stopped['reason'], limit: string, detail = ''): Stopped {
  const message = `The budget of ${limit} is spent${detail === '' ? '' : `: ${detail}`}.`;
  return stopped(reason, new AppError('limit_reached', message, { hint: 'Give a larger budget, or less to do.' }));
}
