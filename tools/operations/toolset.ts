import type { Toolset } from '../../src/surface/index.ts';

export const operationsToolset: Toolset = {
  id: 'operations',
  title: 'Operations',
  description:
    'For who runs the platform: services and the system as a whole, logs, the processes that execute runs, upkeep, drills and secrets.',
  isDefault: false,
  scope: 'lightdom:admin',
};
