import { AppError, describeError } from '../core/errors.ts';
import { boundedBody, boundedTitle } from './body-limit.ts';
import { assertBranchName, assertOwnBranch } from './branch-rules.ts';
import { isClosedByUs } from './closed-marker.ts';
import { pullRequestAnswer } from './github-answers.ts';
import type { SeenPullRequest } from './github-answers.ts';
import { listOfBranch, listOwnOpen, routeOf } from './github-context.ts';
import type { GithubContext } from './github-context.ts';
import { refusalReasonOf } from './github-failure.ts';
import { applyLabels } from './label-application.ts';
import type { OpenedPullRequest, PullRequest, RepositoryName } from './pull-request-schema.ts';

export interface PullRequestRequest {
  readonly repository: RepositoryName;
  /** Branch below `agent/`; it must have been pushed. */
  readonly head: string;
  /** Owner of the fork that it was pushed to; the repository's own without it. */
  readonly headOwner?: string | undefined;
  readonly base: string;
  readonly title: string;
  readonly body: string;
  /** As configured without it. */
  readonly draft?: boolean | undefined;
  readonly labels?: readonly string[] | undefined;
}

type Checked = PullRequestRequest & { readonly headOwner: string };

/**
 * Opens a pull request of a branch, or finds the one there is: at most one of a branch, however often it is asked for. What a
 * person closed stays closed (`rejected`). Throws `limit_reached` when as many as configured are open, `conflict` when there is
 * nothing to merge, `unsupported` when drafts are asked for where there are none.
 */
export async function openPullRequest(context: GithubContext, asked: PullRequestRequest): Promise<OpenedPullRequest> {
  const request = { ...asked, headOwner: asked.headOwner ?? asked.repository.owner };
  assertOwnBranch(request.head, [...context.settings.protectedBranches, request.base]);
  assertBranchName(request.base);
  const found = await findOutcome(context, request);
  if (found !== undefined) return found;
  await assertRoom(context, request);
  const { seen, notes, isNew } = await created(context, request);
  const labelNotes = await labelled(context, request, seen.pullRequest);
  const outcome = isNew ? 'opened' : 'existing';
  return { outcome, pullRequest: seen.pullRequest, notes: [...notes, ...labelNotes] };
}

/**
 * What is known of a branch before it is pushed: the pull request that was merged or that a person closed, after which nothing
 * is pushed. Undefined where one is open or may be opened. Throws `limit_reached` where none may be.
 */
export async function findSettled(
  context: GithubContext,
  asked: Pick<PullRequestRequest, 'repository' | 'head' | 'headOwner'>,
): Promise<OpenedPullRequest | undefined> {
  const place = { ...asked, headOwner: asked.headOwner ?? asked.repository.owner };
  const all = await listOfBranch(context, place);
  if (all.some(({ pullRequest }) => pullRequest.state === 'open')) return undefined;
  const settled = settledOf(all, asked.head);
  if (settled === undefined) await assertRoom(context, place);
  return settled;
}

async function findOutcome(context: GithubContext, request: Checked): Promise<OpenedPullRequest | undefined> {
  const all = await listOfBranch(context, request);
  const open = all.find(({ pullRequest }) => pullRequest.state === 'open');
  if (open !== undefined) {
    const { pullRequest } = open;
    const notes = await labelled(context, request, pullRequest);
    const elsewhere =
      pullRequest.base === request.base ? [] : [`It is against ${pullRequest.base}, not ${request.base}.`];
    return { outcome: 'existing', pullRequest, notes: [...elsewhere, ...notes] };
  }
  return settledOf(all, request.head);
}

function settledOf(all: readonly SeenPullRequest[], head: string): OpenedPullRequest | undefined {
  const merged = all.find(({ pullRequest }) => pullRequest.state === 'merged');
  if (merged !== undefined) {
    const notes = [`Branch ${head} was merged; further changes need another branch.`];
    return { outcome: 'merged', pullRequest: merged.pullRequest, notes };
  }
  const rejected = all.find((seen) => !isClosedByUs(seen));
  if (rejected === undefined) return undefined;
  const { pullRequest } = rejected;
  const notes = [`A person closed #${pullRequest.number} without merging it; it is not opened again.`];
  return { outcome: 'rejected', pullRequest, notes };
}

async function assertRoom(
  context: GithubContext,
  { repository, headOwner }: Pick<Checked, 'repository' | 'headOwner'>,
): Promise<void> {
  const { maxOpenPullRequests: most } = context.settings;
  const { items } = await listOwnOpen(context, { repository, headOwner });
  if (items.length < most) return;
  const urls = items.slice(0, most).map(({ url }) => url);
  const message = `${items.length} own pull requests are open in ${repository.owner}/${repository.name}, and ${most} may be: ${urls.join(', ')}.`;
  throw new AppError('limit_reached', message, {
    hint: 'Have some merged or closed first, or raise `github.maxOpenPullRequests`.',
    details: { open: urls },
  });
}

interface Creation {
  readonly seen: SeenPullRequest;
  readonly notes: readonly string[];
  readonly isNew: boolean;
}

async function created(context: GithubContext, request: Checked): Promise<Creation> {
  const isDraft = request.draft ?? context.settings.draft;
  try {
    return { seen: await post(context, request, isDraft), notes: [], isNew: true };
  } catch (error) {
    if (!isDraft || refusalReasonOf(error) !== 'no_drafts') return recovered(context, request, error);
    if (!context.settings.draftFallback) throw withoutDrafts(request.repository, error);
  }
  try {
    const notes = ['This repository knows no drafts: it was opened ready for review.'];
    return { seen: await post(context, request, false), notes, isNew: true };
  } catch (error) {
    return recovered(context, request, error);
  }
}

async function post({ client, signal }: GithubContext, request: Checked, draft: boolean): Promise<SeenPullRequest> {
  const { repository, headOwner, head, base } = request;
  const isFork = headOwner.toLowerCase() !== repository.owner.toLowerCase();
  const fields = {
    ...routeOf(repository),
    title: boundedTitle(request.title),
    body: boundedBody(request.body),
    head: isFork ? `${headOwner}:${head}` : head,
    base,
    draft,
  };
  return client.call({
    schema: pullRequestAnswer,
    send: (send) => send('POST /repos/{owner}/{repo}/pulls', fields),
    isRepeatable: false,
    signal,
  });
}

/** After a failure that leaves open whether it was made, GitHub is asked whether it is there. */
async function recovered(context: GithubContext, request: Checked, error: unknown): Promise<Creation> {
  if (!(error instanceof AppError)) throw error;
  if (refusalReasonOf(error) === 'no_commits') throw nothingToMerge(request, error);
  const isUncertain = error.code === 'timed_out' || error.code === 'upstream_failed';
  if (!isUncertain && refusalReasonOf(error) !== 'exists') throw error;
  const all = await listOfBranch(context, request);
  const seen = all.find(({ pullRequest }) => pullRequest.state === 'open');
  if (seen === undefined) throw error;
  return { seen, notes: [], isNew: isUncertain };
}

async function labelled(context: GithubContext, request: Checked, seen: PullRequest): Promise<readonly string[]> {
  const wanted = request.labels ?? context.settings.labels;
  const missing = wanted.filter((label) => !seen.labels.includes(label));
  return applyLabels(context, { repository: request.repository, number: seen.number, labels: missing });
}

function withoutDrafts({ owner, name }: RepositoryName, cause: unknown): AppError {
  return new AppError('unsupported', `${owner}/${name} knows no draft pull requests.`, {
    hint: 'Set `github.draft` to false, or `github.draftFallback` to true.',
    cause,
  });
}

function nothingToMerge({ head, base }: Checked, cause: AppError): AppError {
  return new AppError('conflict', `Branch ${head} has no commits that ${base} has not: ${describeError(cause)}`, {
    hint: 'Commit and push first.',
    details: cause.details,
    cause,
  });
}
