import type { Config } from '../core/config/index.ts';
import type { GithubClient, GithubListing } from './github-client.ts';
import { pullRequestAnswer, pullRequestsAnswer } from './github-answers.ts';
import type { SeenPullRequest } from './github-answers.ts';
import { OWN_BRANCH_PREFIX } from './branch-rules.ts';
import type { PullRequest, RepositoryName } from './pull-request-schema.ts';

export type GithubSettings = Config['github'];

/** What each verb works with. */
export interface GithubContext {
  readonly client: GithubClient;
  readonly settings: GithubSettings;
  readonly signal: AbortSignal | undefined;
}

/** A pull request by its number, or an issue. */
export interface NumberedPlace {
  readonly repository: RepositoryName;
  readonly number: number;
}

/** The two names, as routes want them. */
export function routeOf({ owner, name }: RepositoryName): { readonly owner: string; readonly repo: string } {
  return { owner, repo: name };
}

export async function fetchPullRequest(
  { client, signal }: GithubContext,
  place: NumberedPlace,
): Promise<SeenPullRequest> {
  const at = { ...routeOf(place.repository), pull_number: place.number };
  return client.call({
    schema: pullRequestAnswer,
    send: (request) => request('GET /repos/{owner}/{repo}/pulls/{pull_number}', at),
    isRepeatable: true,
    signal,
  });
}

/** All pull requests of one branch, in any state, newest first. */
export async function listOfBranch(
  { client, signal }: GithubContext,
  {
    repository,
    headOwner,
    head,
  }: { readonly repository: RepositoryName; readonly headOwner: string; readonly head: string },
): Promise<readonly SeenPullRequest[]> {
  const query = { ...routeOf(repository), state: 'all', head: `${headOwner}:${head}`, per_page: 100 } as const;
  const { items } = await client.list({
    schema: pullRequestsAnswer,
    send: (request) => request('GET /repos/{owner}/{repo}/pulls', query),
    signal,
  });
  // A server that does not know the filter would answer with all there are.
  return items.filter(({ pullRequest }) => pullRequest.head === head && isOwner(pullRequest, headOwner));
}

/** Open ones from our branches: below `agent/`, in the repository itself or in the fork of `headOwner`. */
export async function listOwnOpen(
  { client, signal }: GithubContext,
  { repository, headOwner }: { readonly repository: RepositoryName; readonly headOwner?: string | undefined },
): Promise<GithubListing<PullRequest>> {
  const query = { ...routeOf(repository), state: 'open', per_page: 100 } as const;
  const { items, isComplete } = await client.list({
    schema: pullRequestsAnswer,
    send: (request) => request('GET /repos/{owner}/{repo}/pulls', query),
    signal,
  });
  const owners = [repository.owner, ...(headOwner === undefined ? [] : [headOwner])];
  const own = items
    .map(({ pullRequest }) => pullRequest)
    .filter((one) => one.head.startsWith(OWN_BRANCH_PREFIX) && owners.some((owner) => isOwner(one, owner)));
  return { items: own, isComplete };
}

/** GitHub tells accounts apart without regard to case. */
function isOwner({ headOwner }: PullRequest, owner: string): boolean {
  return headOwner?.toLowerCase() === owner.toLowerCase();
}
