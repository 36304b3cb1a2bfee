import { performance } from 'node:perf_hooks';
import { afterEach, describe, expect, it } from 'vitest';
import { describeError } from '../../../../src/core/errors.ts';
import { callModel } from '../../../../src/core/llm/model-call.ts';
import type { ModelCallResult } from '../../../../src/core/llm/model-call.ts';
import { LlmStage } from '../llm-stage.ts';
import type { Stage } from '../llm-stage.ts';

const stage = new LlmStage();
afterEach(() => stage.close());

const USAGE = { sent: 100, cached: 60, answered: 20 };
const HELLO = { message: 'Good morning, and good evening.', usage: USAGE };

function ask(scene: Stage): Promise<ModelCallResult> {
  return callModel(scene, { messages: [{ role: 'user', content: 'Hello?' }] });
}

function endOf({ end }: ModelCallResult): string {
  return end.kind === 'answer' ? end.message.content : end.reason;
}

function problemOf({ end }: ModelCallResult): string {
  return end.kind === 'answer' ? '' : describeError(end.error);
}

describe('a call that is answered', () => {
  it('puts the pieces together, between comments that keep the connection alive, and books usage and price', async () => {
    const scene = await stage.play([{ ...HELLO, reasoning: 'It is early, or late.', chunkLength: 3 }], {
      price: { sent: 1, cached: 0.1, answered: 2 },
    });
    const { end, spent } = await ask(scene);
    expect(end).toMatchObject({
      kind: 'answer',
      isCut: false,
      message: { content: HELLO.message, reasoning: 'It is early, or late.', toolCalls: [] },
    });
    expect(spent).toMatchObject({ tokens: 120, steps: 1 });
    expect(spent.usd).toBeCloseTo((40 + 6 + 40) / 1e6, 12);
    expect(scene.budget.spent).toMatchObject({ tokens: 120, steps: 1 });
  });

  it('asks as DeepSeek wants it: thinking off, its field for the longest answer, usage in the stream', async () => {
    const scene = await stage.play([HELLO], { maxTokens: 77 });
    await ask(scene);
    expect(scene.server.requests[0]).toMatchObject({
      path: '/v1/chat/completions',
      body: {
        model: 'mock',
        messages: [{ role: 'user', content: 'Hello?' }],
        stream: true,
        thinking: { type: 'disabled' },
        max_tokens: 77,
        stream_options: { include_usage: true },
      },
    });
  });

  it('asks as OpenAI wants it: no field that it does not know', async () => {
    const scene = await stage.play([HELLO], { like: 'openai', maxTokens: 77 });
    await ask(scene);
    const body = scene.server.requests[0]?.body ?? {};
    expect(body).toMatchObject({ max_completion_tokens: 77 });
    expect(Object.keys(body)).not.toContain('thinking');
    expect(Object.keys(body)).not.toContain('max_tokens');
  });

  it('estimates what a server does not tell of its usage', async () => {
    const scene = await stage.play([{ message: 'x'.repeat(3_200) }]);
    const { spent } = await ask(scene);
    expect(spent.tokens).toBeGreaterThan(500);
    expect(spent.tokens).toBeLessThan(1_500);
  });

  it('says that an answer was cut at its longest', async () => {
    const { end } = await ask(await stage.play([{ ...HELLO, finishReason: 'length' }]));
    expect(end).toMatchObject({ kind: 'answer', isCut: true });
  });
});

describe('a call that fails for a while', () => {
  it.each([408, 409, 429, 500, 503])('is sent again after %i', async (status) => {
    const scene = await stage.play([{ status }, { status }, HELLO]);
    const result = await ask(scene);
    expect(endOf(result)).toBe(HELLO.message);
    expect(scene.server.requests).toHaveLength(3);
    expect(result.spent).toMatchObject({ tokens: 120, steps: 1 });
  });

  it('is sent again when the connection is reset', async () => {
    const scene = await stage.play([{ fault: 'reset' }, HELLO]);
    expect(endOf(await ask(scene))).toBe(HELLO.message);
    expect(scene.server.requests).toHaveLength(2);
  });

  it.each(['cut', 'end_early'] as const)(
    'is sent again when the stream breaks off (%s), and keeps nothing of the first',
    async (fault) => {
      const scene = await stage.play([{ ...HELLO, fault }, HELLO]);
      const result = await ask(scene);
      expect(endOf(result)).toBe(HELLO.message);
      expect(scene.server.requests).toHaveLength(2);
      // The broken answer was served in part: what it may have cost is booked, too.
      expect(result.spent.tokens).toBeGreaterThan(120);
    },
  );

  it('is sent again when the answer is no JSON', async () => {
    const scene = await stage.play([{ raw: 'data: {"choices": [{\n\n' }, { raw: '<html>busy</html>' }, HELLO]);
    expect(endOf(await ask(scene))).toBe(HELLO.message);
    expect(scene.server.requests).toHaveLength(3);
  });

  it('is sent again when it hangs', async () => {
    const scene = await stage.play([{ fault: 'hang' }, HELLO], { timing: { attemptMs: 300 } });
    expect(endOf(await ask(scene))).toBe(HELLO.message);
    expect(scene.server.requests).toHaveLength(2);
  });

  it('waits as long as the server asks, to the millisecond', async () => {
    const scene = await stage.play([{ status: 429, headers: { 'retry-after-ms': '35' } }, HELLO]);
    const started = performance.now();
    expect(endOf(await ask(scene))).toBe(HELLO.message);
    expect(performance.now() - started).toBeGreaterThan(33);
  });
});

describe('a call that is given up', () => {
  it('stops as rate_limited at once when the server asks for an hour', async () => {
    const scene = await stage.play([{ status: 429, headers: { 'retry-after': '3600' } }]);
    const started = performance.now();
    const result = await ask(scene);
    expect(endOf(result)).toBe('rate_limited');
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(scene.server.requests).toHaveLength(1);
    expect(result.spent).toEqual({ usd: 0, tokens: 0, steps: 1 });
  });

  it('tries five times and not more', async () => {
    const scene = await stage.play([{ status: 500 }], { isEndless: true });
    expect(endOf(await ask(scene))).toBe('upstream_failed');
    expect(scene.server.requests).toHaveLength(5);
  });

  it('keeps to the time of all attempts together', async () => {
    const scene = await stage.play([{ fault: 'hang' }], {
      isEndless: true,
      timing: { attemptMs: 150, totalMs: 400, maxAttempts: 50 },
    });
    expect(endOf(await ask(scene))).toBe('upstream_failed');
    expect(scene.server.requests.length).toBeLessThan(6);
  });

  it.each([
    [401, 'ai.mock.apiKey'],
    [402, 'no balance'],
    [404, 'ai.mock.model'],
  ])('says after %i what helps, and does not try again', async (status, remedy) => {
    const scene = await stage.play([{ status }]);
    const result = await ask(scene);
    expect(endOf(result)).toBe('refused');
    expect(problemOf(result)).toContain(remedy);
    expect(scene.server.requests).toHaveLength(1);
  });

  it('stops as malformed when no answer has choices', async () => {
    const scene = await stage.play([{ noChoices: true }], { isEndless: true });
    expect(endOf(await ask(scene))).toBe('malformed');
    expect(scene.server.requests).toHaveLength(5);
  });

  it('tells a filter of contents from a refusal of the model and from too long a question', async () => {
    const filtered = await ask(await stage.play([{ ...HELLO, finishReason: 'content_filter' }]));
    const refused = await ask(await stage.play([{ refusal: 'I would rather not.' }]));
    const long = await ask(await stage.play([{ status: 400, errorCode: 'context_length_exceeded' }]));
    expect([filtered, refused, long].map(endOf)).toEqual(['content_filtered', 'refused', 'length']);
    expect(problemOf(refused)).toContain('I would rather not.');
  });

  it('is cancelled while it waits for the server, while it reads, and while it pauses', async () => {
    for (const steps of [
      [{ fault: 'hang' as const }],
      [{ message: 'x'.repeat(1_000), chunkLength: 1, chunkDelayMs: 20 }],
      [{ status: 503, headers: { 'retry-after': '30' } }],
    ]) {
      const caller = new AbortController();
      const scene = await stage.play(steps, {
        signal: caller.signal,
        timing: { maxBackoffMs: 60_000, totalMs: 90_000, attemptMs: 90_000 },
      });
      setTimeout(() => caller.abort(), 100);
      const started = performance.now();
      expect(endOf(await ask(scene))).toBe('cancelled');
      expect(performance.now() - started).toBeLessThan(3_000);
      expect(scene.server.requests).toHaveLength(1);
    }
  });
});

describe('the budget of a call', () => {
  it('sends nothing when what it may come to is more than there is', async () => {
    const tokens = await stage.play([HELLO], { limits: { tokens: 4_000 } });
    const usd = await stage.play([HELLO], { limits: { usd: 0.004 } });
    expect([await ask(tokens), await ask(usd)].map(endOf)).toEqual(['budget_tokens', 'budget_usd']);
    expect([...tokens.server.requests, ...usd.server.requests]).toEqual([]);
  });

  it('is kept by calls side by side that share it', async () => {
    const scene = await stage.play([{ ...HELLO, chunkDelayMs: 20 }], { isEndless: true, limits: { tokens: 9_000 } });
    const ends = (await Promise.all([ask(scene), ask(scene), ask(scene)])).map(endOf);
    expect(ends.toSorted()).toEqual([HELLO.message, HELLO.message, 'budget_tokens'].toSorted());
    expect(scene.server.requests).toHaveLength(2);
    expect(scene.budget.spent.tokens).toBe(240);
  });

  it('ends an answer in the middle that is longer than was agreed', async () => {
    const scene = await stage.play([{ message: 'word '.repeat(4_000), chunkLength: 50, chunkDelayMs: 1 }], {
      maxTokens: 100,
      limits: { tokens: 500 },
    });
    const result = await ask(scene);
    expect(endOf(result)).toBe('budget_tokens');
    expect(result.spent.tokens).toBeLessThan(700);
    expect(scene.server.requests).toHaveLength(1);
  });

  it('ends an answer in the middle when its time is over', async () => {
    const scene = await stage.play([{ message: 'x'.repeat(1_000), chunkLength: 1, chunkDelayMs: 10 }], {
      limits: { wallMs: 200 },
    });
    expect(endOf(await ask(scene))).toBe('budget_wall');
  });

  it('is refused in US dollars where nobody knows the price', async () => {
    const scene = await stage.play([HELLO], { price: undefined, limits: { usd: 1 } });
    await expect(ask(scene)).rejects.toMatchObject({
      code: 'not_configured',
      message: "The price of the model `mock` of mock is not known, so a budget of 1 US dollars can't be kept.",
    });
    expect(scene.server.requests).toEqual([]);
  });
});
