import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openAppClient } from '../../support/app-client.ts';
import type { AppClient } from '../../support/app-client.ts';

const plannedSchema = z.object({ plan: z.object({ planId: z.string() }) });
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
    const planned = await app.call('note_delete', { noteId });
    expect(planned.text).toContain('nothing was done yet. Planned: Delete the note');
    expect(planned.text).toContain('"Wrong."');
    expect((await app.call('note_query')).structured).toMatchObject({ total: 2 });
    const { planId } = plannedSchema.parse(planned.structured).plan;
    const answer = await app.call('note_delete', { noteId, planId });
    expect(answer.text).toContain(`deleted: ${noteId} workspace`);
    const left = await app.call('note_query');
    expect(left.structured).toMatchObject({ total: 1, notes: [{ text: 'Right.' }] });
  });

  it('deletes no other note by the same plan, nor one that has changed', async () => {
    const note = async (text: string): Promise<string> =>
      createdSchema.parse((await app.call('note_create', { text })).structured).note.noteId;
    const noteId = await note('One.');
    const { plan } = plannedSchema.parse((await app.call('note_delete', { noteId })).structured);
    const other = await app.call('note_delete', { noteId: await note('Another.'), planId: plan.planId });
    expect(other).toMatchObject({ isError: true });
    expect(other.text).toContain('That plan does not stand for what would be done now: Delete the note');
    await app.call('note_create', { text: 'One.', tags: ['new'] });
    expect(await app.call('note_delete', { noteId, planId: plan.planId })).toMatchObject({ isError: true });
    expect((await app.call('note_query', { words: 'One' })).structured).toMatchObject({ total: 1 });
  });

  it('says when there is no such note', async () => {
    const answer = await app.call('note_delete', { noteId: 'n1' });
    expect(answer).toMatchObject({ isError: true });
    expect(answer.text).toContain('There is no note `n1`');
    expect(answer.text).toContain('note_query');
  });
});
