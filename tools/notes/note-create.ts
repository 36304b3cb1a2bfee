import { noteCreateAnswerSchema, noteCreateInputSchema, renderNoteCreated } from '../../src/graph/index.ts';
import { defineTool } from '../../src/surface/index.ts';

export const noteCreate = defineTool({
  name: 'note_create',
  title: 'Remember a note',
  description:
    'Remembers a text about a symbol, a file or the workspace, and returns the note. It stays with the symbol through edits and new indexes; the same text again is the same note. Choose note_query to read notes.',
  effect: 'write',
  idempotent: true,
  openWorld: false,
  outside: 'notes of agents',
  input: noteCreateInputSchema,
  output: noteCreateAnswerSchema,
  summary: renderNoteCreated,
  run: (input, { services }) => services.notes.create(input),
});
