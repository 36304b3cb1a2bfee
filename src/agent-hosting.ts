import { join } from 'node:path';
import type { FixHosting, ProposedFix, Proposal, SeenProposal } from './agent/index.ts';
import type { CheckoutService } from './checkouts/index.ts';
import { AppError } from './core/errors.ts';
import type { GitHostingDeps } from './git-hosting.ts';
import type { GithubService, RepositoryName } from './github/index.ts';
import { writeLocalPullRequest } from './github/github-runtime.ts';

export interface AgentHostingDeps extends GitHostingDeps {
  readonly checkouts: Pick<CheckoutService, 'repositoryOf'>;
}

/** Names alone are asked for. */
const NO_FILES = 0;
const CHECKS = { passing: 'passed', failing: 'failed', pending: 'pending', none: 'unknown' } as const;

/** Hands fixes over: to the repository of the user, to GitHub, or to files where there is no token. */
export function createFixHosting(deps: AgentHostingDeps): FixHosting {
  const { checkouts, github } = deps;
  return {
    repositoryOf: async (root, signal) => {
      const repository = await findRepository(deps, root, signal);
      return repository === undefined ? undefined : nameOf(repository);
    },
    deliverBranch: async ({ root, branch, commit, signal }) => {
      await (await checkouts.repositoryOf(root)).deliverBranch({ branch, commit, signal });
    },
    propose: async (fix) => {
      const repository = await findRepository(deps, fix.root, fix.signal);
      return repository === undefined ? proposeLocally(deps, fix) : proposeAt(deps, repository, fix);
    },
    see: async ({ repository, number }, signal) => {
      return seenOf(await github.getPullRequestStatus({ repository: parsedName(repository), number }, signal));
    },
    sync: (asked) => sync(deps, asked),
  };
}

function nameOf({ owner, name }: RepositoryName): string {
  return `${owner}/${name}`;
}

function parsedName(text: string): RepositoryName {
  const [owner = '', name = ''] = text.split('/');
  return { owner, name };
}

/** Undefined where there is no token, no remote, or one that is elsewhere. */
async function findRepository(
  { config, github, reader }: AgentHostingDeps,
  root: string,
  signal: AbortSignal,
): Promise<RepositoryName | undefined> {
  if (!github.isConfigured) return undefined;
  try {
    const { remotes } = await reader.read({ folder: root, maxFiles: NO_FILES, signal });
    const remote = remotes.find(({ name }) => name === config.github.remote);
    return remote === undefined ? undefined : github.repositoryOf(remote.url);
  } catch (error) {
    if (error instanceof AppError && error.code === 'unsupported') return undefined;
    throw error;
  }
}

async function proposeLocally({ config, checkouts }: AgentHostingDeps, fix: ProposedFix): Promise<Proposal> {
  const { root, branch, commit, baseCommit, title, body } = fix;
  const repository = await checkouts.repositoryOf(root);
  const patch = await repository.formatPatch({ base: baseCommit, head: commit });
  const folder = join(config.dataDir, 'pull-requests');
  const { folder: written, howToApply } = await writeLocalPullRequest({ folder, branch, title, body, patch });
  return { kind: 'local', folder: written, howToApply };
}

async function proposeAt(deps: AgentHostingDeps, repository: RepositoryName, fix: ProposedFix): Promise<Proposal> {
  const { config, github } = deps;
  const { branch, title, body, signal } = fix;
  const facts = await github.getRepository(repository, signal);
  const base = config.github.baseBranch ?? facts.defaultBranch;
  const target = await github.getPushTarget(repository, signal);
  const place = { repository, head: branch, headOwner: target.owner };
  // Before the push: a branch that a person is done with stays as they left it.
  const settled = await github.findSettled(place, signal);
  if (settled === undefined) await push(deps, { ...fix, gitUrl: target.gitUrl });
  const opened = settled ?? (await github.openPullRequest({ ...place, base, title, body }, signal));
  const { outcome, pullRequest, notes } = opened;
  const { number, url, isDraft, base: against } = pullRequest;
  return { kind: 'remote', outcome, repository: nameOf(repository), number, url, isDraft, base: against, notes };
}

/** Replaces what was pushed before, and nothing that somebody else has. */
async function push(
  { config, checkouts, transfer }: AgentHostingDeps,
  {
    root,
    branch,
    commit,
    gitUrl,
    signal,
  }: Omit<ProposedFix, 'title' | 'body' | 'baseCommit'> & { readonly gitUrl: string },
): Promise<void> {
  const own = await checkouts.repositoryOf(root);
  const lease = (await own.findPushed(branch)) ?? '';
  const { token } = config.github;
  await transfer.push({ folder: own.folder, remoteUrl: gitUrl, branch, source: commit, token, lease, signal });
  await own.markPushed(branch, commit);
}

async function sync(deps: AgentHostingDeps, asked: Parameters<FixHosting['sync']>[0]): Promise<string | undefined> {
  const { config, checkouts, github, transfer } = deps;
  const { root, branch, base, signal } = asked;
  const repository = parsedName(asked.repository);
  const own = await checkouts.repositoryOf(root);
  const facts = await github.getRepository(repository, signal);
  const { token } = config.github;
  const into = `refs/lightdom/base/${base}`;
  const onto = await transfer.fetch({ folder: own.folder, remoteUrl: facts.gitUrl, branch: base, into, token, signal });
  const { authorName: name, authorEmail: email } = config.services.agent;
  const { isClean, commit } = await own.rebase({ branch, onto, committer: { name, email }, signal });
  if (!isClean || commit === asked.commit) return undefined;
  const target = await github.getPushTarget(repository, signal);
  await push(deps, { root, branch, commit, gitUrl: target.gitUrl, signal });
  return commit;
}

function seenOf(status: Awaited<ReturnType<GithubService['getPullRequestStatus']>>): SeenProposal {
  const { state, isDraft, checks, mergeable, review } = status;
  return { state, isDraft, checks: CHECKS[checks.state], hasConflicts: mergeable === 'conflicts', review };
}
