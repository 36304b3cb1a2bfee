import type { Toolset } from '../../src/surface/index.ts';

export const gitToolset: Toolset = {
  id: 'git',
  title: 'Git and pull requests',
  description: "State and changes of the workspace's repository, branches, commits and pull requests.",
  isDefault: false,
};
