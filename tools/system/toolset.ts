import type { Toolset } from '../../src/surface/index.ts';

export const systemToolset: Toolset = {
  id: 'system',
  title: 'System',
  description: 'State of the whole platform and of its services.',
  isDefault: true,
};
