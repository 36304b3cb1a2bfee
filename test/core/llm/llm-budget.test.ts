import { describe, expect, it } from 'vitest';
import { LlmBudget } from '../../../src/core/llm/llm-budget.ts';
import { costOf, findPrice } from '../../../src/core/llm/model-price.ts';

const PRICE = { sent: 1, cached: 0.1, answered: 2, asOf: 'test' };
const estimate = { sent: 100, answered: 50, price: PRICE };

describe('a budget', () => {
  it('holds what an attempt may need until it is settled, once', () => {
    const budget = new LlmBudget({ tokens: 200 });
    const first = budget.reserve(estimate);
    expect(budget.reserve(estimate)).toMatchObject({ kind: 'stopped', reason: 'budget_tokens' });
    if (first.kind === 'stopped') throw new Error('Nothing was reserved.');
    first.settle({ sent: 40, cached: 0, answered: 10 });
    first.settle({ sent: 40, cached: 0, answered: 10 });
    expect(budget.spent.tokens).toBe(50);
    expect(budget.reserve(estimate).kind).toBe('reserved');
  });

  it('books nothing for an attempt that was not served', () => {
    const budget = new LlmBudget({ usd: 0.0002 });
    for (let at = 0; at < 5; at += 1) {
      const held = budget.reserve(estimate);
      if (held.kind === 'stopped') throw new Error('Nothing was reserved.');
      expect(held.settle(undefined)).toEqual({ usd: 0, tokens: 0, steps: 0 });
    }
    expect(budget.spent).toEqual({ usd: 0, tokens: 0, steps: 0, toolCalls: 0 });
  });

  it('lets an answer be longer than agreed only where there is room for it', () => {
    const held = new LlmBudget({ tokens: 180 }).reserve(estimate);
    if (held.kind === 'stopped') throw new Error('Nothing was reserved.');
    expect(held.findOverrun(80)).toBeUndefined();
    expect(held.findOverrun(81)).toMatchObject({ reason: 'budget_tokens' });
  });

  it('ends with its time', () => {
    let now = 0;
    const budget = new LlmBudget({ wallMs: 1_000 }, () => now);
    expect(budget.takeStep()).toBeUndefined();
    now = 1_000;
    expect([budget.takeStep()?.reason, budget.takeToolCall()?.reason, budget.reserve(estimate)]).toMatchObject([
      'budget_wall',
      'budget_wall',
      { reason: 'budget_wall' },
    ]);
  });
});

describe('a price', () => {
  it('is less for what the provider had in its cache', () => {
    expect(costOf({ sent: 1_000_000, cached: 500_000, answered: 0 }, PRICE)).toBeCloseTo(0.55, 9);
    expect(costOf({ sent: 100, cached: 500, answered: 0 }, PRICE)).toBeCloseTo(0.00001, 9);
  });

  it('is known of the default models and not guessed for others', () => {
    expect([findPrice('deepseek-v4-flash', {}), findPrice('gpt-4.1-mini', {})]).not.toContain(undefined);
    expect(findPrice('some-model', {})).toBeUndefined();
    expect(findPrice('some-model', { priceInput: 1 })).toBeUndefined();
  });
});
