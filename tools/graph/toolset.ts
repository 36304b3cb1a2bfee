import type { Toolset } from '../../src/surface/index.ts';

export const graphToolset: Toolset = {
  id: 'graph',
  title: 'Code graph',
  description: 'Exact questions about TypeScript and JavaScript code.',
  isDefault: true,
};
