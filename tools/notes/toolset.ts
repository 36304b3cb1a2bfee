import type { Toolset } from '../../src/surface/index.ts';

export const notesToolset: Toolset = {
  id: 'notes',
  title: 'Notes on code',
  description: 'What agents remember about symbols, files and workspaces, kept through edits and new indexes.',
  isDefault: false,
};
