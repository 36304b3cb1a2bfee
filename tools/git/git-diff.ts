import { gitDiffAnswerSchema, gitDiffInputSchema, renderGitDiff } from '../../src/git/index.ts';
import { defineTool } from '../../src/surface/index.ts';

export const gitDiff = defineTool({
  name: 'git_diff',
  title: 'Changed files and lines',
  description:
    'Returns which files a change touches, with lines added and removed; the text of the change as well with `patch`, bounded and without secrets. Without revisions the working tree against HEAD; with `from` since the branch left it. Choose graph_diff for what the change reaches.',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  outside: 'code of the workspace',
  input: gitDiffInputSchema,
  output: gitDiffAnswerSchema,
  summary: renderGitDiff,
  run: (input, { services, signal }) => services.git.diff(input, signal),
});
