import type { Toolset } from '../../src/surface/index.ts';

export const findingsToolset: Toolset = {
  id: 'findings',
  title: 'Findings',
  description: 'What is wrong with the code, kept from one look to the next, and what to do first.',
  isDefault: false,
};
