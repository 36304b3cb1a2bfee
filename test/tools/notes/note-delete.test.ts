import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openAppClient } from '../../support/app-client.ts';
import type { AppClient } from '../../support/app-client.ts';

const createdSchema = z.object({ note: z.object({ noteId: z.string() }) });

describe('note_delete', () => {
  let app: AppClient;

  beforeAll(async () => {
    app = await openAppClient({ isIndexed: false });
  });

  afterAll(() => app.close());

  it('deletes one note and says which', async () => {
    const created = await app.call('note_create', { text: 'Wrong.' });
    const { noteId } = createdSchema.parse(created.structured).note;
    await app.call('note_create', { text: 'Right.' });
    const answer = await app.call('note_delete', { noteId });
    expect(answer.text).toContain(`deleted: ${noteId} workspace`);
    const left = await app.call('note_query');
    expect(left.structured).toMatchObject({ total: 1, notes: [{ text: 'Right.' }] });
  });

  it('says when there is no such note', async () => {
    const answer = await app.call('note_delete', { noteId: 'n1' });
    expect(answer).toMatchObject({ isError: true });
    expect(answer.text).toContain('There is no note `n1`');
    expect(answer.text).toContain('note_query');
  });
});
