import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAppClient } from '../../support/app-client.ts';
import type { AppClient } from '../../support/app-client.ts';

describe('graph_trace', () => {
  let app: AppClient;

  beforeAll(async () => {
    app = await openAppClient();
  });

  afterAll(() => app.close());

  it('finds the callers', async () => {
    const answer = await app.call('graph_trace', { symbol: 'withTax', direction: 'callers' });
    expect(answer.isError).toBe(false);
    expect(answer.text).toMatchInlineSnapshot();
  });

  it('finds what a change could reach, with distances', async () => {
    const answer = await app.call('graph_trace', { symbol: 'roundCents', direction: 'impact' });
    expect(answer.text).toMatchInlineSnapshot();
  });

  it('finds the shortest path between two symbols', async () => {
    const answer = await app.call('graph_trace', { symbol: 'checkout', direction: 'path', to: 'roundCents' });
    expect(answer.text).toMatchInlineSnapshot();
  });

  it('says why it believes that there are no callers', async () => {
    const answer = await app.call('graph_trace', { symbol: 'unused', direction: 'callers' });
    expect(answer.text).toContain('0 hits');
    expect(answer.text).toContain('note: ');
  });

  it('asks for the end of a path when there is none', async () => {
    const answer = await app.call('graph_trace', { symbol: 'checkout', direction: 'path' });
    expect(answer.isError).toBe(true);
    expect(answer.text).toContain('to');
  });
});
