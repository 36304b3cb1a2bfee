import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../../src/core/config/index.ts';
import type { Config, ConfigInput } from '../../../../src/core/config/index.ts';
import { LlmBudget } from '../../../../src/core/llm/llm-budget.ts';
import { callModel } from '../../../../src/core/llm/model-call.ts';
import { openModel } from '../../../../src/core/llm/open-model.ts';
import { createSilentLog } from '../../../../src/core/log.ts';
import { containing, LlmStage } from '../llm-stage.ts';

const stage = new LlmStage();
const folder = mkdtempSync(join(tmpdir(), 'lightdom-llm-'));
afterEach(() => stage.close());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function aiOf(ai: ConfigInput['ai'], env: Readonly<Record<string, string>> = {}): Config['ai'] {
  return loadConfig({ cwd: folder, env: { HOME: folder, ...env }, input: { ai } }).config.ai;
}

const KEY = 'sk-0123456789abcdef0123';

describe('the model of the configuration', () => {
  it('is none without a key, and none when that is asked for', async () => {
    expect(await openModel(aiOf({}))).toBeUndefined();
    expect(await openModel(aiOf({ provider: 'none' }, { DEEPSEEK_API_KEY: KEY }))).toBeUndefined();
  });

  it('is that of DeepSeek where its key is set, else that of OpenAI', async () => {
    const both = await openModel(aiOf({}, { DEEPSEEK_API_KEY: KEY, OPENAI_API_KEY: KEY }));
    expect(both).toMatchObject({
      profile: { provider: 'deepseek', model: 'deepseek-v4-flash', reasoningEcho: 'always' },
      warnings: [],
    });
    const openai = await openModel(aiOf({}, { OPENAI_API_KEY: KEY }));
    expect(openai?.profile).toMatchObject({
      provider: 'openai',
      maxTokensField: 'max_completion_tokens',
      price: { sent: 0.4 },
    });
  });

  it.each(['deepseek-chat', 'deepseek-reasoner', 'deepseek-coder'])(
    'replaces the retired %s and says so',
    async (model) => {
      const opened = await openModel(aiOf({ deepseek: { model, apiKey: KEY } }));
      expect(opened?.profile.model).toBe('deepseek-v4-flash');
      expect(opened?.warnings).toEqual([
        `DeepSeek retired \`${model}\` on 2026-07-24; \`deepseek-v4-flash\` is asked instead. Set \`ai.deepseek.model\` to \`deepseek-v4-flash\` or \`deepseek-v4-pro\`.`,
      ]);
    },
  );

  it('says what a provider that is named lacks', async () => {
    await expect(openModel(aiOf({ provider: 'deepseek' }))).rejects.toMatchObject({
      code: 'not_configured',
      message: 'The provider `deepseek` of `ai.provider` needs `ai.deepseek.apiKey`, which is not set.',
    });
    await expect(openModel(aiOf({ provider: 'compatible' }))).rejects.toThrow('`ai.compatible.baseUrl`');
    await expect(openModel(aiOf({ provider: 'mock' }))).rejects.toThrow('`ai.mock.script`');
  });

  it('has the price of the configuration before the known one, and none where there is neither', async () => {
    const own = await openModel(
      aiOf({
        provider: 'compatible',
        compatible: { baseUrl: 'http://127.0.0.1:1/v1', model: 'm', priceInput: 0, priceOutput: 0 },
      }),
    );
    expect(own?.profile.price).toMatchObject({ sent: 0, answered: 0 });
    const unknown = await openModel(aiOf({ deepseek: { apiKey: KEY, model: 'deepseek-v9' } }));
    expect(unknown?.profile.price).toBeUndefined();
  });

  it('is asked where its base URL leads, with its key, which no error shows', async () => {
    const scene = await stage.play([{ status: 401, errorText: `Incorrect API key provided: ${KEY}` }]);
    const opened = await openModel(aiOf({ deepseek: { apiKey: KEY, baseUrl: scene.server.baseUrl } }));
    if (opened === undefined) throw new Error('There is no model.');
    const { end } = await callModel({ ...scene, model: opened }, { messages: [{ role: 'user', content: 'Hello?' }] });
    expect(scene.server.requests[0]?.headers['authorization']).toBe(`Bearer ${KEY}`);
    expect(end).toMatchObject({ kind: 'stopped', reason: 'refused', error: { code: 'not_configured' } });
    expect(
      JSON.stringify(end.kind === 'stopped' ? [end.error.message, end.error.hint, end.error.cause] : ''),
    ).not.toContain(KEY);
  });
});

describe('the model that plays a script', () => {
  it('is asked over HTTP like any other, and says that it is none', async () => {
    const script = join(mkdtempSync(join(tmpdir(), 'lightdom-llm-')), 'script.json');
    writeFileSync(script, JSON.stringify({ steps: [{ message: 'So I was told to say.' }] }));
    const opened = await openModel(aiOf({ provider: 'mock', mock: { script } }));
    if (opened === undefined) throw new Error('There is no model.');
    const context = {
      model: opened,
      budget: new LlmBudget(),
      signal: new AbortController().signal,
      log: createSilentLog(),
    };
    const { end } = await callModel(context, { messages: [{ role: 'user', content: 'Hello?' }] });
    expect(end).toMatchObject({ kind: 'answer', message: { content: 'So I was told to say.' } });
    expect(opened.warnings[0]).toContain('nothing that it says was thought of by a model');
    await opened.close();
    rmSync(join(script, '..'), { recursive: true });
  });

  it.each([
    ['no JSON', '{', 'JSON'],
    ['no steps', '{"steps": []}', 'Too small'],
    ['a fault that there is not', '{"steps": [{"fault": "explode"}]}', 'Invalid option'],
  ])('is refused for %s', async (_what, text, why) => {
    const place = mkdtempSync(join(tmpdir(), 'lightdom-llm-'));
    const script = join(place, 'script.json');
    writeFileSync(script, text);
    await expect(openModel(aiOf({ provider: 'mock', mock: { script } }))).rejects.toMatchObject({
      code: 'invalid_input',
      message: containing(why),
    });
    rmSync(place, { recursive: true });
  });
});
