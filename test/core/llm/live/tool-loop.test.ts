import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AppError } from '../../../../src/core/errors.ts';
import { loopTool } from '../../../../src/core/llm/loop-tool.ts';
import type { LoopTool } from '../../../../src/core/llm/loop-tool.ts';
import { runToolLoop } from '../../../../src/core/llm/tool-loop.ts';
import type { ToolLoopResult } from '../../../../src/core/llm/tool-loop.ts';
import { LlmStage } from '../llm-stage.ts';
import type { Stage } from '../llm-stage.ts';

const stage = new LlmStage();
afterEach(() => stage.close());

const USAGE = { sent: 100, cached: 0, answered: 10 };
const DONE = { message: 'All is well.', usage: USAGE };

const add = loopTool({
  name: 'add',
  description: 'Adds two numbers.',
  parameters: z.object({ a: z.number(), b: z.number() }),
  run: async ({ a, b }) => String(a + b),
});
const fails = loopTool({
  name: 'fails',
  description: 'Fails.',
  parameters: z.object({ how: z.string() }),
  run: async ({ how }) => {
    if (how === 'expected') throw new AppError('not_found', 'There is no `x`.', { hint: 'Try `y`.' });
    throw new Error('secret detail');
  },
});

const callAdd = (a: number, b: number) => ({ toolCalls: [{ name: 'add', args: { a, b } }], usage: USAGE });

function run(scene: Stage, tools: readonly LoopTool[] = [add, fails]): Promise<ToolLoopResult> {
  return runToolLoop({ ...scene, system: 'You add.', user: 'Add 1 and 2.', tools });
}

/** What the tools answered, as the last request brought it to the model. */
function toldOf({ server }: Stage): string[] {
  const messages = server.requests.at(-1)?.body.messages ?? [];
  return messages.filter(({ role }) => role === 'tool').map(({ content }) => content);
}

describe('a loop that finishes', () => {
  it('calls a tool, tells its answer, and ends with the text of the model', async () => {
    const scene = await stage.play([callAdd(1, 2), DONE]);
    const result = await run(scene);
    expect(result).toMatchObject({ stopReason: 'finished', text: 'All is well.', problem: undefined });
    expect(result.spent).toMatchObject({ tokens: 220, steps: 2 });
    expect(result.spent.usd).toBeCloseTo(0.00022, 9);
    expect(result.transcript.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'tool', 'assistant']);
    expect(toldOf(scene)).toEqual(['3']);
  });

  it('begins each request with the same bytes as the one before, so that caches of providers hold', async () => {
    const scene = await stage.play([callAdd(1, 2), callAdd(3, 4), DONE]);
    await run(scene);
    const [first = [], second = [], third = []] = scene.server.requests.map(({ body }) => body.messages);
    expect(JSON.stringify(second.slice(0, first.length))).toBe(JSON.stringify(first));
    expect(JSON.stringify(third.slice(0, second.length))).toBe(JSON.stringify(second));
    expect(new Set(scene.server.requests.map(({ body }) => JSON.stringify(body['tools']))).size).toBe(1);
  });

  it('answers calls side by side in their order, each by its id, also where ids are missing or given twice', async () => {
    const calls = [
      { id: '', name: 'add', args: { a: 1, b: 1 } },
      { id: 'same', name: 'add', args: { a: 2, b: 2 } },
      { id: 'same', name: 'add', args: { a: 3, b: 3 } },
    ];
    const scene = await stage.play([{ toolCalls: calls, usage: USAGE }, DONE]);
    expect(await run(scene)).toMatchObject({ stopReason: 'finished' });
    const messages = scene.server.requests[1]?.body.messages ?? [];
    const asked = messages.flatMap((message) => message.tool_calls ?? []).map(({ id }) => id);
    expect(messages.flatMap((message) => message.tool_call_id ?? [])).toEqual(asked);
    expect(new Set(asked).size).toBe(3);
    expect(toldOf(scene)).toEqual(['2', '4', '6']);
  });

  it('ends when a tool says that it was the last one', async () => {
    const last = loopTool({
      name: 'last',
      description: 'Ends.',
      parameters: z.object({}),
      run: async () => ({ text: 'Thank you.', isFinal: true }),
    });
    const scene = await stage.play([
      { message: 'I hand it in.', toolCalls: [{ name: 'last', args: '' }], usage: USAGE },
    ]);
    expect(await run(scene, [last])).toMatchObject({
      stopReason: 'finished',
      text: 'I hand it in.',
      spent: { steps: 1 },
    });
  });
});

describe('what a tool can not do is told to the model', () => {
  it('arguments that are no JSON, which are not sent back as such', async () => {
    const scene = await stage.play([{ toolCalls: [{ name: 'add', args: '{"a": 1, "b"' }], usage: USAGE }, DONE]);
    expect(await run(scene)).toMatchObject({ stopReason: 'finished' });
    expect(toldOf(scene)).toEqual([
      'Error: The arguments of `add` are no valid JSON. Call it again with a JSON object.',
    ]);
    const sent = scene.server.requests[1]?.body.messages.find((message) => message.tool_calls !== undefined);
    expect(JSON.parse(sent?.tool_calls?.[0]?.function.arguments ?? '')).toEqual({ unreadable: '{"a": 1, "b"' });
  });

  it('a tool that there is not', async () => {
    const scene = await stage.play([{ toolCalls: [{ name: 'push_to_main', args: {} }], usage: USAGE }, DONE]);
    expect(await run(scene)).toMatchObject({ stopReason: 'finished' });
    expect(toldOf(scene)).toEqual(['Error: There is no tool `push_to_main`. Tools: add, fails.']);
  });

  it('arguments of another form', async () => {
    const scene = await stage.play([{ toolCalls: [{ name: 'add', args: { a: 'one', b: 2 } }], usage: USAGE }, DONE]);
    await run(scene);
    expect(toldOf(scene)[0]).toContain('do not fit: ✖ Invalid input: expected number, received string');
  });

  it('errors, with the detail of those that are expected alone', async () => {
    const how = (text: string) => ({ toolCalls: [{ name: 'fails', args: { how: text } }], usage: USAGE });
    const scene = await stage.play([how('expected'), how('other'), DONE]);
    await run(scene);
    expect(toldOf(scene)).toEqual([
      'Error: There is no `x`. Try `y`.',
      'Error: It failed for a reason that is not known.',
    ]);
  });

  it('a long answer, cut, with a word about it', async () => {
    const long = loopTool({
      name: 'long',
      description: 'Long.',
      parameters: z.object({}),
      run: async () => 'ab'.repeat(500_000),
    });
    const scene = await stage.play([{ toolCalls: [{ name: 'long', args: {} }], usage: USAGE }, DONE]);
    await run(scene, [long]);
    expect(toldOf(scene)[0]).toHaveLength(
      20_000 + '\n[Cut: 20000 of 1000000 characters are shown; ask for less.]'.length,
    );
    expect(toldOf(scene)[0]).toMatch(/\[Cut: 20000 of 1000000 characters are shown; ask for less\.\]$/);
  });
});

describe('a loop that is stopped', () => {
  it('as malformed after three turns that nobody can read, and not before', async () => {
    const bad = { toolCalls: [{ name: 'add', args: 'no' }], usage: USAGE };
    const given = await stage.play([bad, bad, bad]);
    expect(await run(given)).toMatchObject({ stopReason: 'malformed', spent: { steps: 3 } });
    const mended = await stage.play([bad, bad, callAdd(1, 2), bad, bad, DONE]);
    expect(await run(mended)).toMatchObject({ stopReason: 'finished', spent: { steps: 6 } });
  });

  it('as malformed after three empty answers', async () => {
    const scene = await stage.play([{ usage: USAGE }], { isEndless: true });
    expect(await run(scene)).toMatchObject({ stopReason: 'malformed' });
    expect(scene.server.requests).toHaveLength(3);
  });

  it('as loop_detected when the same call gives the same answer, whatever the order of its arguments', async () => {
    const turned = { toolCalls: [{ name: 'add', args: '{"b": 2, "a": 1}' }], usage: USAGE };
    const scene = await stage.play([callAdd(1, 2), turned, callAdd(5, 5), callAdd(1, 2), DONE]);
    const result = await run(scene);
    expect(result).toMatchObject({ stopReason: 'loop_detected', spent: { steps: 4 } });
    expect(result.problem).toContain('`add` was called with the same arguments');
  });

  it('not for a tool that may repeat itself, nor when the answers differ', async () => {
    let count = 0;
    const counter = loopTool({ ...add, name: 'add', run: async () => String((count += 1)) });
    const same = await stage.play([callAdd(1, 2), callAdd(1, 2), callAdd(1, 2), callAdd(1, 2), DONE]);
    expect(await run(same, [{ ...add, mayRepeat: true }])).toMatchObject({ stopReason: 'finished' });
    const other = await stage.play([callAdd(1, 2), callAdd(1, 2), callAdd(1, 2), callAdd(1, 2), DONE]);
    expect(await run(other, [counter])).toMatchObject({ stopReason: 'finished' });
  });

  it('by its steps, with what was done so far', async () => {
    const steps = Array.from({ length: 10 }, (_, at) => callAdd(at, at));
    const scene = await stage.play(steps, { limits: { steps: 4 } });
    const result = await run(scene);
    expect(result).toMatchObject({ stopReason: 'budget_steps', spent: { steps: 4, tokens: 440 } });
    expect(result.transcript.filter(({ role }) => role === 'tool')).toHaveLength(4);
    expect(scene.server.requests).toHaveLength(4);
  });

  it('by its calls of tools', async () => {
    const steps = Array.from({ length: 10 }, (_, at) => callAdd(at, at));
    const scene = await stage.play(steps, { limits: { toolCalls: 2 } });
    const result = await run(scene);
    expect(result.stopReason).toBe('budget_steps');
    expect(result.problem).toContain('2 calls of tools');
  });

  it('by its tokens and by its dollars, before the call that would be too much', async () => {
    const steps = Array.from({ length: 50 }, (_, at) => callAdd(at, at));
    const tokens = await stage.play(steps, { maxTokens: 100, limits: { tokens: 1_000 } });
    expect(await run(tokens)).toMatchObject({ stopReason: 'budget_tokens' });
    expect(tokens.budget.spent.tokens).toBeLessThanOrEqual(1_000);
    const usd = await stage.play(steps, { maxTokens: 100, limits: { usd: 0.001 } });
    expect(await run(usd)).toMatchObject({ stopReason: 'budget_usd' });
    expect(usd.budget.spent.usd).toBeLessThanOrEqual(0.001);
  });

  it('by its time, while a tool still works', async () => {
    const slow = loopTool({
      name: 'slow',
      description: 'Slow.',
      parameters: z.object({}),
      run: (_args, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
        }),
    });
    const scene = await stage.play([{ toolCalls: [{ name: 'slow', args: {} }], usage: USAGE }], {
      limits: { wallMs: 400 },
    });
    expect(await run(scene, [slow])).toMatchObject({ stopReason: 'budget_wall', spent: { tokens: 110 } });
  });

  it('by its caller, while a tool works', async () => {
    const caller = new AbortController();
    const aborting = loopTool({
      name: 'slow',
      description: 'Slow.',
      parameters: z.object({}),
      run: async () => {
        caller.abort();
        return 'late';
      },
    });
    const scene = await stage.play([{ toolCalls: [{ name: 'slow', args: {} }], usage: USAGE }], {
      signal: caller.signal,
    });
    expect(await run(scene, [aborting])).toMatchObject({ stopReason: 'cancelled' });
    expect(scene.server.requests).toHaveLength(1);
  });

  it('at an answer that was cut, whose calls are not run', async () => {
    let ran = 0;
    const counted = loopTool({ ...add, run: async () => String((ran += 1)) });
    const scene = await stage.play([{ ...callAdd(1, 2), finishReason: 'length' }]);
    expect(await run(scene, [counted])).toMatchObject({ stopReason: 'length' });
    expect(ran).toBe(0);
  });

  it('by a server that has enough', async () => {
    const scene = await stage.play([callAdd(1, 2), { status: 429, headers: { 'retry-after': '3600' } }]);
    expect(await run(scene)).toMatchObject({ stopReason: 'rate_limited', spent: { tokens: 110, steps: 2 } });
  });
});

describe('thinking', () => {
  const thought = { ...callAdd(1, 2), reasoning: 'One and two, that should be three, says the sum.' };

  it('is sent back whole on turns with calls, where the provider demands it', async () => {
    const scene = await stage.play([thought, { ...DONE, needsReasoningEcho: true }]);
    expect(await run(scene)).toMatchObject({ stopReason: 'finished' });
    const assistant = scene.server.requests[1]?.body.messages.find(({ role }) => role === 'assistant');
    expect(assistant?.reasoning_content).toBe(thought.reasoning);
  });

  it('is refused where it is demanded and the profile does not send it back', async () => {
    const scene = await stage.play([thought, { ...DONE, needsReasoningEcho: true }], { like: 'compatible' });
    const result = await run(scene);
    expect(result.stopReason).toBe('refused');
    expect(result.problem).toContain('must be passed back');
  });

  it('is off in a loop, unless it is asked for', async () => {
    const off = await stage.play([DONE]);
    await run(off);
    const on = await stage.play([DONE]);
    await runToolLoop({ ...on, system: 's', user: 'u', tools: [], mayThink: true });
    expect(off.server.requests[0]?.body).toMatchObject({ thinking: { type: 'disabled' } });
    expect(on.server.requests[0]?.body).toMatchObject({ thinking: { type: 'enabled' } });
  });
});

describe('secrets', () => {
  const canary = `ghp_${'A1b2C3d4'.repeat(4)}`;
  const apiKey = 'my-own-key-0123456789';

  it('are neither sent nor kept, wherever they stand, and the key of the model is in its header alone', async () => {
    const leak = loopTool({
      name: 'leak',
      description: 'Leaks.',
      parameters: z.object({ text: z.string() }),
      run: async () => `token=${canary} ${apiKey}`,
    });
    const scene = await stage.play([
      {
        message: `I saw ${canary}`,
        reasoning: canary,
        toolCalls: [{ name: 'leak', args: { text: canary } }],
        usage: USAGE,
      },
      { ...DONE, message: `It was ${canary}` },
    ]);
    const model = { ...scene.model, profile: { ...scene.model.profile, apiKey } };
    const result = await runToolLoop({ ...scene, model, system: canary, user: `${canary} ${apiKey}`, tools: [leak] });
    expect(result.stopReason).toBe('finished');
    const sent = scene.server.requests.map(({ text }) => text).join('\n');
    expect(scene.server.requests[0]?.headers['authorization']).toBe(`Bearer ${apiKey}`);
    expect(sent).toContain('[Redacted]');
    for (const secret of [canary, apiKey]) {
      expect(sent).not.toContain(secret);
      expect(JSON.stringify(result)).not.toContain(secret);
    }
  });

  it('reach tools as the model wrote them: code that looks like a secret is written as it is', async () => {
    const seen: string[] = [];
    const write = loopTool({
      name: 'write',
      description: 'Writes.',
      parameters: z.object({ text: z.string() }),
      run: async ({ text }) => {
        seen.push(text);
        return 'written';
      },
    });
    const scene = await stage.play([
      { toolCalls: [{ name: 'write', args: { text: 'let token=next();' } }], usage: USAGE },
      DONE,
    ]);
    await run(scene, [write]);
    expect(seen).toEqual(['let token=next();']);
  });
});
