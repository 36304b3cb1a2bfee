import type { Config } from './core/config/index.ts';
import { AppError } from './core/errors.ts';
import type { Log } from './core/log.ts';
import { GitStateReader, GitTransfer } from './git/git-runtime.ts';
import type { PullRequestHost } from './git/index.ts';
import { GithubService } from './github/github-runtime.ts';
import type { RepositoryName } from './github/index.ts';

/** What talks to the host of repositories. */
export interface GitHostingDeps {
  readonly config: Config;
  readonly github: GithubService;
  readonly reader: GitStateReader;
  readonly transfer: GitTransfer;
}

export function createGitHosting({ config, log }: { readonly config: Config; readonly log: Log }): GitHostingDeps {
  return {
    config,
    github: new GithubService({ settings: config.github, log }),
    reader: new GitStateReader(),
    transfer: new GitTransfer({ protectedBranches: config.github.protectedBranches }),
  };
}

/** Pull requests of branches that people and agents make in their own checkout. */
export function createPullRequestHost(deps: GitHostingDeps): PullRequestHost {
  const { config, github, transfer } = deps;
  return {
    open: async ({ root, branch, commit, base, title, body, draft, labels, signal }) => {
      const repository = await repositoryAt(deps, root, signal);
      const facts = await github.getRepository(repository, signal);
      const target = await github.getPushTarget(repository, signal);
      const { token } = config.github;
      await transfer.push({ folder: root, remoteUrl: target.gitUrl, branch, source: commit, token, signal });
      const against = base ?? config.github.baseBranch ?? facts.defaultBranch;
      const asked = { repository, head: branch, headOwner: target.owner, base: against, title, body, draft };
      const { outcome, pullRequest, notes } = await github.openPullRequest({ ...asked, labels }, signal);
      const { url, number, state } = pullRequest;
      return { kind: 'remote', url, number, state, isNew: outcome === 'opened', notes };
    },
    status: async ({ root, numberOrBranch, signal }) => {
      const repository = await repositoryAt(deps, root, signal);
      const number = await numberOf(deps, { repository, numberOrBranch, signal });
      const { checks, ...status } = await github.getPullRequestStatus({ repository, number }, signal);
      const { url, title, state, isDraft, head, base, mergeable, review, notes } = status;
      const failures = checks.failures.map(({ name }) => name);
      const seen = { number, url, title, state, isDraft, head, base, mergeable, review, notes };
      return { ...seen, checks: checks.state, failures };
    },
  };
}

async function repositoryAt(
  { config, github, reader }: GitHostingDeps,
  root: string,
  signal: AbortSignal | undefined,
): Promise<RepositoryName> {
  const { remotes } = await reader.read({ folder: root, maxFiles: 0, signal });
  const remote = remotes.find(({ name }) => name === config.github.remote);
  if (remote !== undefined) return github.repositoryOf(remote.url);
  throw new AppError('not_configured', `${root} has no remote \`${config.github.remote}\`.`, {
    hint: 'Add one with git, or name another in `github.remote`.',
  });
}

interface Asked {
  readonly repository: RepositoryName;
  readonly numberOrBranch: number | string;
  readonly signal: AbortSignal | undefined;
}

async function numberOf({ github }: GitHostingDeps, { repository, numberOrBranch, signal }: Asked): Promise<number> {
  if (typeof numberOrBranch === 'number') return numberOrBranch;
  const target = await github.getPushTarget(repository, signal);
  const found = await github.findOfBranch({ repository, headOwner: target.owner, head: numberOrBranch }, signal);
  if (found !== undefined) return found.number;
  throw new AppError(
    'not_found',
    `Branch ${numberOrBranch} of ${repository.owner}/${repository.name} has no pull request.`,
    {
      hint: 'git_open_pr opens one.',
    },
  );
}
