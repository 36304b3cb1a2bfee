import { isAbsolute, join } from 'node:path';
import { AppError } from '../core/errors.ts';
import { redactText } from '../core/redact.ts';
import type { RepositoryPlaces } from './repository-places.ts';
import { attemptGit, runGit } from './run-git.ts';
import type { GitOptions } from './run-git.ts';

/** Hooks around a commit, in git's order. */
type CommitHook = 'pre-commit' | 'commit-msg' | 'post-commit';

/** Linters and tests of a whole repository may stand behind a hook. */
const HOOK_TIMEOUT_MS = 300_000;
const MAX_SAID_CHARACTERS = 2000;

export type RunHook = (name: CommitHook, options: GitOptions, ...args: readonly string[]) => Promise<void>;

/** Runs none. */
export const NO_HOOKS: RunHook = () => Promise.resolve();

/** Runs the hooks that the repository has. Throws `conflict` with what a hook has said when it refuses. */
export async function hooksOf({ root, commonDir }: RepositoryPlaces): Promise<RunHook> {
  const folder = await hooksFolder(root, commonDir);
  return async (name, options, ...args) => {
    const command = ['-c', `core.hooksPath=${folder}`, 'hook', 'run', '--ignore-missing', name, '--', ...args];
    const env = { GIT_EDITOR: ':', ...options.env };
    const said = await attemptGit(
      runGit(root, command, { ...options, env, timeoutMs: HOOK_TIMEOUT_MS, endsGroup: true }),
    );
    if (typeof said === 'string') return;
    const text = redactText(said.message).slice(-MAX_SAID_CHARACTERS);
    throw new AppError('conflict', `The hook ${name} of the repository refused: ${text}`, {
      hint: 'Mend what it says, and commit again. Nothing was committed.',
      cause: said,
    });
  };
}

/** Where the configuration says, or beside the repository. What this process says of it itself does not count. */
async function hooksFolder(root: string, commonDir: string): Promise<string> {
  const args = ['config', '--null', '--show-scope', '--type=path', '--get-all', 'core.hooksPath'];
  const text = await runGit(root, args);
  const fields = text.split('\0');
  const values = fields.flatMap((scope, at) =>
    at % 2 === 0 && scope !== '' && scope !== 'command' ? [fields[at + 1] ?? ''] : [],
  );
  const configured = values.at(-1);
  if (configured === undefined) return join(commonDir, 'hooks');
  return isAbsolute(configured) ? configured : join(root, configured);
}
