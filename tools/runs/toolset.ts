import type { Toolset } from '../../src/surface/index.ts';

export const runsToolset: Toolset = {
  id: 'runs',
  title: 'Runs',
  description: 'Long work that survives restarts: look at it, steer it.',
  isDefault: true,
};
