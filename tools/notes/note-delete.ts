import { z } from 'zod';
import { renderNoteDeleted, storedNoteSchema } from '../../src/graph/index.ts';
import { defineTool } from '../../src/surface/index.ts';

export const noteDelete = defineTool({
  name: 'note_delete',
  title: 'Delete a note',
  description:
    'Deletes one note for good and returns it. Choose it for what is wrong or no longer true; choose note_query to find its noteId.',
  effect: 'destroy',
  idempotent: true,
  openWorld: false,
  input: z.object({ noteId: z.string().min(1).max(64).describe('Handle of the note.') }),
  output: z.object({ note: storedNoteSchema.describe('As it was.') }),
  summary: ({ note }) => renderNoteDeleted(note),
  async run({ noteId }, { services }) {
    return { note: await services.notes.delete(noteId) };
  },
});
