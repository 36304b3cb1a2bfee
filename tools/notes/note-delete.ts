import { z } from 'zod';
import { noteDeletion, renderNoteDeleted, storedNoteSchema } from '../../src/graph/index.ts';
import { confirm, defineTool, planField, planIdField, renderPlan } from '../../src/surface/index.ts';

export const noteDelete = defineTool({
  name: 'note_delete',
  title: 'Delete a note',
  description:
    'Deletes one note for good and returns it, once the user has agreed: a form asks them, or the answer is a plan to be given back. Choose it for what is wrong or no longer true; choose note_query to find its noteId.',
  effect: 'destroy',
  idempotent: true,
  openWorld: false,
  outside: 'notes of agents',
  input: z.object({ noteId: z.string().min(1).max(64).describe('Handle of the note.'), planId: planIdField }),
  output: z.object({ note: storedNoteSchema.describe('As it was, or as it is under a plan.'), plan: planField }),
  summary: ({ note, plan }) => (plan === undefined ? renderNoteDeleted(note) : renderPlan('note_delete', plan)),
  async run({ noteId, planId }, context) {
    const { notes } = context.services;
    const note = await notes.get(noteId);
    const plan = await confirm(context, { action: noteDeletion(note), planId });
    return plan === undefined ? { note: await notes.delete(noteId) } : { note, plan };
  },
});
