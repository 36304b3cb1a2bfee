import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { messageOf } from '../../../src/core/errors.ts';
import { failureOf } from '../../support/failure-of.ts';
import { createLiveCatalog } from '../../support/live-catalog.ts';
import { LIVE_PLACES, openLive } from '../../support/live-client.ts';
import type { LiveClient } from '../../support/live-client.ts';

const PROMPT = { type: 'ref/prompt', name: 'greet' } as const;
const TEMPLATE = { type: 'ref/resource', uri: 'test://ticker/{id}' } as const;

describe.each(LIVE_PLACES)('completion over $transport, client $sdk', (place) => {
  let client: LiveClient;

  beforeEach(async () => {
    client = await openLive(place, createLiveCatalog().catalog);
  });

  afterEach(() => client.close());

  test('proposes the arguments of a prompt by what is typed and what is known', async () => {
    const typed = { name: 'name', value: 'name-01' };
    const answer = await client.complete({ ref: PROMPT, argument: typed });
    expect(answer).toMatchObject({ total: 10, hasMore: false });
    expect(answer.values).toEqual(Array.from({ length: 10 }, (_, at) => `name-01${at}`));
    const known = { arguments: { tone: 'dear ' } };
    expect((await client.complete({ ref: PROMPT, argument: typed, context: known })).values[0]).toBe('dear name-010');
  });

  test('shows a hundred values and says how many there are', async () => {
    const all = await client.complete({ ref: PROMPT, argument: { name: 'name', value: '' } });
    expect(all).toMatchObject({ total: 250, hasMore: true });
    expect(all.values).toHaveLength(100);
    const some = await client.complete({ ref: TEMPLATE, argument: { name: 'id', value: 'name' } });
    expect(some).toMatchObject({ total: 7, hasMore: true });
    expect(some.values).toHaveLength(5);
  });

  test('proposes nothing for what is free text, and refuses what is not there', async () => {
    const free = await client.complete({ ref: PROMPT, argument: { name: 'tone', value: 'x' } });
    expect(free).toEqual({ values: [], total: 0, hasMore: false });
    const wrong = [
      client.complete({ ref: { ...PROMPT, name: 'greets' }, argument: { name: 'name', value: '' } }),
      client.complete({ ref: { ...TEMPLATE, uri: 'test://nothing/{id}' }, argument: { name: 'id', value: '' } }),
      client.complete({ ref: PROMPT, argument: { name: 'nam', value: '' } }),
    ];
    const failures = await Promise.all(wrong.map((each) => failureOf(each)));
    expect(failures).toMatchObject(failures.map(() => ({ code: -32_602 })));
    const [prompt, template, argument] = failures.map(messageOf);
    expect(prompt).toContain('There is no prompt named "greets" (did you mean "greet"?).');
    expect(template).toContain('Valid: test://ticker/{id}');
    expect(argument).toContain('There is no argument "nam" (did you mean "name"?).');
  });
});
