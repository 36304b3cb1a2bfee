import type { TokenUsage } from './chat-message.ts';

/** US dollars for a million tokens. */
export interface ModelPrice {
  readonly sent: number;
  /** What the provider still had in its cache. */
  readonly cached: number;
  readonly answered: number;
  /** Month in which the provider asked this. */
  readonly asOf: string;
}

const TOKENS_PER_UNIT = 1_000_000;

const row = (asOf: string, [sent, cached, answered]: readonly [number, number, number]): ModelPrice => ({
  sent,
  cached,
  answered,
  asOf,
});

/**
 * A model that is not listed has no known price: budgets in US dollars then need the two prices of the configuration. DeepSeek asks half
 * of this outside of its peak hours; a budget that is spent too early is better than one that is not kept.
 */
const PRICES: ReadonlyMap<string, ModelPrice> = new Map([
  ['deepseek-v4-flash', row('2026-10', [0.3, 0.006, 1.2])],
  ['deepseek-flash', row('2026-10', [0.3, 0.006, 1.2])],
  ['deepseek-v4-pro', row('2026-10', [1.32, 0.044, 3.96])],
  ['gpt-4.1', row('2025-04', [2, 0.5, 8])],
  ['gpt-4.1-mini', row('2025-04', [0.4, 0.1, 1.6])],
  ['gpt-4.1-nano', row('2025-04', [0.1, 0.025, 0.4])],
  ['gpt-4o', row('2024-11', [2.5, 1.25, 10])],
  ['gpt-4o-mini', row('2024-10', [0.15, 0.075, 0.6])],
]);

export interface GivenPrice {
  readonly priceInput?: number | undefined;
  readonly priceOutput?: number | undefined;
}

/** What the configuration says, else what is known. A configured price makes no difference for the cache. */
export function findPrice(model: string, { priceInput, priceOutput }: GivenPrice): ModelPrice | undefined {
  if (priceInput === undefined || priceOutput === undefined) return PRICES.get(model);
  return { sent: priceInput, cached: priceInput, answered: priceOutput, asOf: 'configured' };
}

/** US dollars; 0 without a price. */
export function costOf(usage: TokenUsage, price: ModelPrice | undefined): number {
  if (price === undefined) return 0;
  const cached = Math.min(usage.cached, usage.sent);
  const units = (usage.sent - cached) * price.sent + cached * price.cached + usage.answered * price.answered;
  return units / TOKENS_PER_UNIT;
}
