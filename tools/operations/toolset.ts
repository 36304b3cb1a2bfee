import type { Toolset } from '../../src/surface/index.ts';

export const operationsToolset: Toolset = {
  id: 'operations',
  title: 'Operations',
  description:
    'For who runs the platform: logs of runs, answers to what they ask, the processes that execute them, upkeep and drills.',
  isDefault: false,
  scope: 'lightdom:admin',
};
