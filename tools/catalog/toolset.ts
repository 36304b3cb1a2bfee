import type { Toolset } from '../../src/surface/index.ts';

export const catalogToolset: Toolset = {
  id: 'catalog',
  title: 'Catalog',
  description: 'Finds and runs the tools that are not listed.',
  isDefault: true,
};
