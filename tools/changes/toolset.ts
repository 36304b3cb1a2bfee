import type { Toolset } from '../../src/surface/index.ts';

export const changesToolset: Toolset = {
  id: 'changes',
  title: 'Changes and exports',
  description: 'What a change of the code reaches, previews of changes, and the graph in formats of other programs.',
  isDefault: false,
};
