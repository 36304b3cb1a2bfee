import type { Toolset } from '../../src/surface/index.ts';

export const agentToolset: Toolset = {
  id: 'agent',
  title: 'Self-healing agent',
  description:
    'Mends findings in private copies of the repository, verifies each fix, and hands it over as a branch or pull request.',
  isDefault: false,
};
