import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { askStructured } from '../../../../src/core/llm/structured-answer.ts';
import type { StructuredAnswer } from '../../../../src/core/llm/structured-answer.ts';
import { LlmStage } from '../llm-stage.ts';
import type { Stage } from '../llm-stage.ts';

const stage = new LlmStage();
afterEach(() => stage.close());

const schema = z.strictObject({ city: z.string(), people: z.number().int() });
const USAGE = { sent: 50, cached: 0, answered: 5 };
const said = (message: string) => ({ message, usage: USAGE });
const GOOD = said('{"city": "Ulm", "people": 130000}');

function ask(scene: Stage): Promise<StructuredAnswer<z.infer<typeof schema>>> {
  return askStructured({ ...scene, schema, name: 'city', system: 'You know cities.', user: 'Which?' });
}

describe('a structured answer', () => {
  it('is asked for in JSON, with the word, where no schema is held', async () => {
    const scene = await stage.play([GOOD]);
    expect(await ask(scene)).toEqual({
      stopReason: 'finished',
      value: { city: 'Ulm', people: 130_000 },
      spent: { tokens: 55, steps: 1 },
    });
    const body = scene.server.requests[0]?.body;
    expect(body).toMatchObject({ response_format: { type: 'json_object' } });
    expect(body?.messages[0]?.content).toContain('JSON');
  });

  it('is asked for by its schema where that is held, strictly where all is required', async () => {
    const strict = await stage.play([GOOD], { like: 'openai' });
    await ask(strict);
    expect(strict.server.requests[0]?.body).toMatchObject({
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'city', strict: true, schema: { required: ['city', 'people'] } },
      },
    });
    const loose = await stage.play([said('{}')], { like: 'openai' });
    const optional = z.strictObject({ city: z.string().optional() });
    await askStructured({ ...loose, schema: optional, name: 'city', system: 's', user: 'u' });
    expect(loose.server.requests[0]?.body).toMatchObject({ response_format: { json_schema: { strict: false } } });
  });

  it('is read out of a fence', async () => {
    expect(await ask(await stage.play([said('```json\n{"city": "Ulm", "people": 1}\n```')]))).toMatchObject({
      value: { people: 1 },
    });
  });

  it('is asked for anew with what is wrong, after an empty one and one of another form', async () => {
    const scene = await stage.play([said(''), said('{"city": 5, "people": 1}'), GOOD]);
    expect(await ask(scene)).toMatchObject({ stopReason: 'finished', spent: { tokens: 165, steps: 3 } });
    const told = scene.server.requests[2]?.body.messages
      .filter(({ role }) => role === 'user')
      .map(({ content }) => content);
    expect(told?.[1]).toContain('The answer was empty.');
    expect(told?.[2]).toContain('expected string, received number');
  });

  it('is given up after two more tries', async () => {
    const scene = await stage.play([said('Ulm, I think.')], { isEndless: true });
    const result = await ask(scene);
    expect(result.stopReason).toBe('malformed');
    expect('problem' in result && result.problem).toContain('no valid JSON');
    expect(scene.server.requests).toHaveLength(3);
  });

  it('stops where the call stops, and where the answer was cut', async () => {
    expect(await ask(await stage.play([{ status: 402 }]))).toMatchObject({ stopReason: 'refused' });
    expect(await ask(await stage.play([GOOD], { limits: { steps: 0 } }))).toMatchObject({ stopReason: 'budget_steps' });
    expect(await ask(await stage.play([{ ...GOOD, finishReason: 'length' }]))).toMatchObject({ stopReason: 'length' });
  });
});
