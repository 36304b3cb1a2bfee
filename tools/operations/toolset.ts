import type { Toolset } from '../../src/surface/index.ts';

export const operationsToolset: Toolset = {
  id: 'operations',
  title: 'Operations',
  description: 'For who runs the platform: logs of runs, the processes that execute them, upkeep, drills and secrets.',
  isDefault: false,
  scope: 'lightdom:admin',
};
