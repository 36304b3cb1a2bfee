import { expect, test } from 'vitest';
import { aiSchema } from '../../../src/core/config/ai-schema.ts';
import { summarizeModel } from '../../../src/core/llm/index.ts';

const sections = { deepseek: {}, openai: {}, compatible: {}, mock: {} };
const summaryOf = (given: Readonly<Record<string, unknown>>) =>
  summarizeModel(aiSchema.parse({ ...sections, ...given }));

test('without a key there is no model, and how to get one is said', () => {
  expect(summaryOf({})).toMatchObject({ state: 'off' });
  expect(summaryOf({}).detail).toContain('lightdom secret set ai.deepseek.apiKey');
});

test('a model is told of with its host and its price, and never with its key', () => {
  const { state, detail } = summaryOf({ deepseek: { apiKey: 'sk-very-secret', model: 'deepseek-chat' } });
  expect(state).toBe('ok');
  expect(detail).toMatch(/^deepseek deepseek-v4-flash at api\.deepseek\.com, [\d.]+ USD .*retired `deepseek-chat`/);
  expect(detail).not.toContain('sk-very-secret');
});

test('what a configured model lacks is missing', () => {
  expect(summaryOf({ provider: 'openai' }).detail).toContain('`ai.openai.apiKey`');
  const own = { baseUrl: 'http://127.0.0.1:11434/v1', model: 'local' };
  expect(summaryOf({ provider: 'compatible', compatible: own })).toMatchObject({ state: 'missing' });
  const free = { ...own, priceInput: 0, priceOutput: 0 };
  expect(summaryOf({ provider: 'compatible', compatible: free })).toMatchObject({ state: 'ok' });
  expect(summaryOf({ provider: 'mock' }).detail).toContain('`ai.mock.script`');
});
