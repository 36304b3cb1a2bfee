import { createServer } from 'node:http';
import process from 'node:process';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { describeError } from '../../../../src/core/errors.ts';
import { callModel } from '../../../../src/core/llm/model-call.ts';
import type { ModelCallResult } from '../../../../src/core/llm/model-call.ts';
import { LlmStage } from '../llm-stage.ts';
import type { Stage } from '../llm-stage.ts';

const stage = new LlmStage();
afterEach(() => stage.close());

const HELLO = { message: 'Good morning.', usage: { sent: 100, answered: 20 } };
const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

const WHOLE = JSON.stringify({
  choices: [
    {
      index: 0,
      message: {
        role: 'assistant',
        content: 'All at once.',
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'look', arguments: '{"at":1}' } }],
      },
      finish_reason: 'tool_calls',
    },
  ],
  usage: { prompt_tokens: 7, completion_tokens: 3 },
});

function ask(scene: Stage): Promise<ModelCallResult> {
  return callModel(scene, { messages: [{ role: 'user', content: 'Hello?' }] });
}

function problemOf({ end }: ModelCallResult): string {
  return end.kind === 'answer' ? '' : describeError(end.error);
}

describe('a server that does not stream', () => {
  it('is understood', async () => {
    const scene = await stage.play([{ raw: WHOLE, headers: JSON_TYPE }]);
    const { end, spent } = await ask(scene);
    expect(end).toMatchObject({
      kind: 'answer',
      message: { content: 'All at once.' },
      toolCalls: [{ callId: 'c1', name: 'look', arguments: '{"at":1}' }],
    });
    expect(spent).toMatchObject({ tokens: 10, steps: 1 });
    expect(scene.server.requests).toHaveLength(1);
  });

  it('is asked again when its body is no JSON', async () => {
    const scene = await stage.play([{ raw: WHOLE.slice(0, 40), headers: JSON_TYPE }, HELLO]);
    expect((await ask(scene)).end).toMatchObject({ kind: 'answer', message: { content: 'Good morning.' } });
    expect(scene.server.requests).toHaveLength(2);
  });

  it('is `malformed` when its body never is', async () => {
    const scene = await stage.play([{ raw: '{', headers: JSON_TYPE }], { isEndless: true });
    expect((await ask(scene)).end).toMatchObject({ kind: 'stopped', reason: 'malformed' });
    expect(scene.server.requests).toHaveLength(5);
  });
});

describe('an answer that looks like another', () => {
  it('and for which the provider ran out of resources is no answer: it is asked for again', async () => {
    const half = { message: 'Good mor', finishReason: 'insufficient_system_resource' };
    const scene = await stage.play([half, HELLO]);
    expect((await ask(scene)).end).toMatchObject({ kind: 'answer', message: { content: 'Good morning.' } });
    expect(scene.server.requests).toHaveLength(2);
    const never = await stage.play([half], { isEndless: true });
    expect((await ask(never)).end).toMatchObject({ kind: 'stopped', reason: 'upstream_failed' });
  });

  it('is a rate limit that says that there is no money left: it is final and says what to do', async () => {
    const scene = await stage.play(
      [{ status: 429, errorText: 'You exceeded your current quota.', errorCode: 'insufficient_quota' }],
      { isEndless: true },
    );
    const result = await ask(scene);
    expect(result.end).toMatchObject({ kind: 'stopped', reason: 'refused' });
    expect(problemOf(result)).toMatch(/answered 429: .*quota.* The account has no balance left/);
    expect(scene.server.requests).toHaveLength(1);
  });

  it('is an overloaded server that wants more patience than there is: it says for how long', async () => {
    const scene = await stage.play([{ status: 503, headers: { 'retry-after': '3600' } }], { isEndless: true });
    const result = await ask(scene);
    expect(result.end).toMatchObject({ kind: 'stopped', reason: 'rate_limited' });
    expect(problemOf(result)).toContain('It asks to be left alone for 3600 s');
    expect(scene.server.requests).toHaveLength(1);
  });

  it('is a redirect, which is not followed and not tried again', async () => {
    const other = await stage.play([HELLO]);
    const location = `${other.model.profile.baseUrl}/chat/completions`;
    const scene = await stage.play([{ status: 307, headers: { location }, raw: '' }], { isEndless: true });
    expect((await ask(scene)).end).toMatchObject({ kind: 'stopped', reason: 'refused' });
    expect(scene.server.requests).toHaveLength(1);
    expect(other.server.requests).toHaveLength(0);
  });
});

it('a request tells nothing of this machine, and nothing that the environment holds for another provider', async () => {
  const names: string[] = [];
  const server = createServer((request, response) => {
    names.push(...Object.keys(request.headers));
    response.writeHead(200, JSON_TYPE).end(WHOLE);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const before = process.env['OPENAI_CUSTOM_HEADERS'];
  process.env['OPENAI_CUSTOM_HEADERS'] = 'X-Planted: secret';
  onTestFinished(() => {
    if (before === undefined) delete process.env['OPENAI_CUSTOM_HEADERS'];
    else process.env['OPENAI_CUSTOM_HEADERS'] = before;
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const scene = await stage.play([HELLO]);
  const profile = { ...scene.model.profile, baseUrl: `http://127.0.0.1:${port}/v1` };
  const { end } = await ask({ ...scene, model: { ...scene.model, profile } });
  expect(end.kind).toBe('answer');
  expect(names).toContain('authorization');
  expect(names.filter((name) => /^x-|openai/.test(name))).toEqual([]);
});
