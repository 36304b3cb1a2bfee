import { noteQueryAnswerSchema, noteQueryInputSchema, renderNotes } from '../../src/graph/index.ts';
import { defineTool } from '../../src/surface/index.ts';

export const noteQuery = defineTool({
  name: 'note_query',
  title: 'Find notes',
  description:
    'Returns notes on symbols, files and the workspace, newest first, by words, symbol, path or tag; a note whose symbol is gone says so, and names the one symbol that it may be now. Choose it before work on unknown code; choose graph_symbol for what the code itself says.',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  outside: 'notes of agents',
  input: noteQueryInputSchema,
  output: noteQueryAnswerSchema,
  summary: renderNotes,
  run: (input, { services }) => services.notes.query(input),
});
