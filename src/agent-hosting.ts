import { join } from 'node:path';
import type {
  CommittedFix,
  FixHosting,
  FixStanding,
  OpenFix,
  ProposedFix,
  Proposal,
  SeenProposal,
} from './agent/index.ts';
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
      const repository = fix.mayPush ? await findRepository(deps, fix.root, fix.signal) : undefined;
      return repository === undefined ? proposeLocally(deps, fix) : proposeAt(deps, repository, fix);
    },
    see: async ({ repository, number }, signal) => {
      return seenOf(await github.getPullRequestStatus({ repository: parsedName(repository), number }, signal));
    },
    standing: (fix) => standingOf(deps, fix),
    sync: (fix) => sync(deps, fix),
    close: async ({ repository, number }, { reason, signal }) => {
      await github.closeOwn({ repository: parsedName(repository), number, reason }, signal);
    },
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
  const isNew = settled === undefined && (await push(deps, { ...fix, gitUrl: target.gitUrl }));
  const opened = settled ?? (await github.openPullRequest({ ...place, base, title, body }, signal));
  const { outcome, pullRequest, notes } = opened;
  const { number, url, isDraft, base: against } = pullRequest;
  // What it says is of the commit that is there no longer.
  if (outcome === 'existing' && isNew) await github.updatePullRequest({ repository, number, title, body }, signal);
  return { kind: 'remote', outcome, repository: nameOf(repository), number, url, isDraft, base: against, notes };
}

/** Replaces what was pushed before, and nothing that somebody else has. Returns whether it is another commit than before. */
async function push(
  { config, checkouts, transfer }: AgentHostingDeps,
  { root, branch, commit, gitUrl, signal }: CommittedFix & { readonly gitUrl: string },
): Promise<boolean> {
  const own = await checkouts.repositoryOf(root);
  const lease = (await own.findPushed(branch)) ?? '';
  const { token } = config.github;
  await transfer.push({ folder: own.folder, remoteUrl: gitUrl, branch, source: commit, token, lease, signal });
  await own.markPushed(branch, commit);
  return commit !== lease;
}

/** What the base branch is now; it is kept in the private repository. */
async function fetchBase({ config, checkouts, github, transfer }: AgentHostingDeps, fix: OpenFix): Promise<string> {
  const { root, base, signal } = fix;
  const { gitUrl: remoteUrl } = await github.getRepository(parsedName(fix.repository), signal);
  const { folder } = await checkouts.repositoryOf(root);
  const into = `refs/lightdom/base/${base}`;
  return transfer.fetch({ folder, remoteUrl, branch: base, into, token: config.github.token, signal });
}

async function standingOf(deps: AgentHostingDeps, fix: OpenFix): Promise<FixStanding> {
  const { root, branch, commit, signal } = fix;
  const base = await fetchBase(deps, fix);
  const own = await deps.checkouts.repositoryOf(root);
  // The branch itself may hold a newer fix, which nobody has agreed to yet.
  const head = (await own.findPushed(branch)) ?? commit;
  return { ...(await own.standing({ base, head })), base, isBaseHere: await own.isInHead(base, signal) };
}

async function sync(deps: AgentHostingDeps, asked: OpenFix): Promise<string | undefined> {
  const { config, checkouts, github } = deps;
  const { root, branch, signal } = asked;
  const repository = parsedName(asked.repository);
  const onto = await fetchBase(deps, asked);
  const own = await checkouts.repositoryOf(root);
  const { authorName: name, authorEmail: email } = config.services.agent;
  const { isClean, commit } = await own.rebase({ branch, onto, committer: { name, email }, signal });
  if (!isClean || commit === asked.commit) return undefined;
  const target = await github.getPushTarget(repository, signal);
  await push(deps, { root, branch, commit, gitUrl: target.gitUrl, signal });
  return commit;
}

function seenOf(status: Awaited<ReturnType<GithubService['getPullRequestStatus']>>): SeenProposal {
  const { state, isDraft, checks, mergeable, review } = status;
  return { state, isDraft, checks: CHECKS[checks.state], mergeable, review };
}
