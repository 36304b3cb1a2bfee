import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openAppClient } from '../../support/app-client.ts';
import type { AppClient } from '../../support/app-client.ts';

describe('note_create', () => {
  let app: AppClient;

  beforeAll(async () => {
    app = await openAppClient();
  });

  afterAll(() => app.close());

  it('remembers a text about a symbol', async () => {
    const args = { symbol: 'Cart.total', text: 'Rounds once, at the end.\nNot per item.', tags: ['Money', 'gotcha'] };
    const answer = await app.call('note_create', args);
    expect(answer.isError).toBe(false);
    expect(answer.text.replace(/[0-9a-f]{32}/, 'ID').replace(/\d{4}-\d\d-\d\dT\d\d:\d\dZ/, 'TIME'))
      .toMatchInlineSnapshot(`
        "remembered: ID method Cart.total src/cart.ts:17 [gotcha, money] agent TIME
          Rounds once, at the end.
          Not per item."
      `);
    expect(answer.structured).toMatchObject({ isNew: true, note: { about: 'symbol', state: 'attached' } });
  });

  it('is known to whoever asks for its symbol, until it is deleted', async () => {
    const created = await app.call('note_create', { symbol: 'Cart.add', text: 'Keeps the order.' });
    const described = await app.call('graph_symbol', { symbol: 'Cart.add' });
    expect(described.structured).toMatchObject({ symbol: { notes: 1 } });
    expect(described.text).toMatch(/^1 notes: note_query {"symbol":"[0-9a-f]{16}"}$/m);
    const { note } = z.object({ note: z.object({ noteId: z.string() }) }).parse(created.structured);
    await app.callAgreed('note_delete', { noteId: note.noteId });
    expect((await app.call('graph_symbol', { symbol: 'Cart.add' })).text).not.toContain('notes');
  });

  it('keeps the same text about the same thing once, with the newest tags', async () => {
    const args = { path: 'src/price.ts', text: 'Cents only.', author: 'ann' };
    const first = await app.call('note_create', { ...args, tags: ['old'] });
    const second = await app.call('note_create', { ...args, tags: ['new'] });
    expect(first.structured).toMatchObject({ isNew: true, note: { kind: 'file', tags: ['old'] } });
    expect(second.structured).toMatchObject({ isNew: false, note: { tags: ['new'] } });
    expect((await app.call('note_create', { ...args, author: 'bob' })).structured).toMatchObject({ isNew: true });
  });

  it('takes notes on folders and on the workspace as a whole', async () => {
    const folder = await app.call('note_create', { path: './src/', text: 'All of the shop.' });
    expect(folder.structured).toMatchObject({ note: { about: 'path', path: 'src', state: 'attached' } });
    const whole = await app.call('note_create', { text: 'Prices are net.' });
    expect(whole.structured).toMatchObject({ note: { about: 'workspace', state: 'attached' } });
  });

  it('offers candidates for a name of several or of none, and never chooses one', async () => {
    const many = await app.call('note_create', { symbol: 'total', text: 'x' });
    expect(many).toMatchObject({ isError: true });
    expect(many.text).toContain('names 2 symbols');
    expect(many.text).toContain('method Cart.total src/cart.ts:17');
    const none = await app.call('note_create', { symbol: 'roundCent', text: 'x' });
    expect(none.text).toContain('function roundCents src/price.ts:9');
  });

  it.each(['nowhere.ts', '../app', '/etc/passwd', 'src/\0'])('refuses the path %j', async (path) => {
    const answer = await app.call('note_create', { path, text: 'x' });
    expect(answer).toMatchObject({ isError: true });
    expect(answer.text).toContain('Give a path relative to the workspace.');
  });

  it('refuses a text that is empty or too long, and both a symbol and a path', async () => {
    expect((await app.call('note_create', { text: '  \n' })).text).toContain('text');
    expect((await app.call('note_create', { text: 'x'.repeat(4_001) })).text).toContain('4000');
    const both = await app.call('note_create', { text: 'x', symbol: 'Cart', path: 'src/cart.ts' });
    expect(both.text).toContain('not both');
  });
});
