import { z } from 'zod';
import { AppError } from '../core/errors.ts';
import { boundedBody, boundedTitle, markerOf } from './body-limit.ts';
import { OWN_BRANCH_PREFIX } from './branch-rules.ts';
import { closedMarkerKey } from './closed-marker.ts';
import { commentsAnswer, pullRequestAnswer } from './github-answers.ts';
import type { SeenPullRequest } from './github-answers.ts';
import { fetchPullRequest, routeOf } from './github-context.ts';
import type { GithubContext, NumberedPlace } from './github-context.ts';
import { statusOf } from './github-failure.ts';
import type { PullRequest } from './pull-request-schema.ts';

export interface PullRequestUpdate extends NumberedPlace {
  readonly title?: string | undefined;
  readonly body?: string | undefined;
}

export interface CommentRequest extends NumberedPlace {
  readonly body: string;
  /** A comment with this key is rewritten where there is one. */
  readonly key?: string | undefined;
}

export interface CommentPlace {
  readonly url: string;
}

const commentAnswer = z.object({ html_url: z.string() });

/** Throws `permission_denied` for one that is not ours, and `conflict` for one that is not open. */
export async function updatePullRequest(context: GithubContext, update: PullRequestUpdate): Promise<PullRequest> {
  assertOpen((await fetchOwn(context, update)).pullRequest);
  const { title, body } = update;
  const changed = await patch(context, update, {
    ...(title !== undefined && { title: boundedTitle(title) }),
    ...(body !== undefined && { body: boundedBody(body) }),
  });
  return changed.pullRequest;
}

/** Writes a comment on a pull request or issue; its page. */
export async function comment(context: GithubContext, asked: CommentRequest): Promise<CommentPlace> {
  const marker = asked.key === undefined ? '' : markerOf(asked.key);
  const body = boundedBody(asked.body, marker);
  const former = marker === '' ? undefined : await findComment(context, asked, marker);
  if (former !== undefined) {
    const rewritten = await rewriteComment(context, asked, { id: former, body });
    if (rewritten !== undefined) return rewritten;
  }
  const fields = { ...routeOf(asked.repository), issue_number: asked.number, body };
  const written = await context.client.call({
    schema: commentAnswer,
    send: (request) => request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', fields),
    isRepeatable: false,
    signal: context.signal,
  });
  return { url: written.html_url };
}

/** Undefined for one that somebody else wrote: anybody may copy a marker. */
async function rewriteComment(
  { client, signal }: GithubContext,
  { repository }: NumberedPlace,
  { id, body }: { readonly id: number; readonly body: string },
): Promise<CommentPlace | undefined> {
  const fields = { ...routeOf(repository), comment_id: id, body };
  try {
    const written = await client.call({
      schema: commentAnswer,
      send: (request) => request('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', fields),
      isRepeatable: true,
      signal,
    });
    return { url: written.html_url };
  } catch (error) {
    if (statusOf(error) === 403) return undefined;
    throw error;
  }
}

/**
 * Closes a pull request of ours with a comment that says why, and marks it, so that its branch may have another one. One that is
 * not open is left as it is.
 */
export async function closeOwn(
  context: GithubContext,
  asked: NumberedPlace & { readonly reason: string },
): Promise<PullRequest> {
  const seen = await fetchOwn(context, asked);
  if (seen.pullRequest.state !== 'open') return seen.pullRequest;
  await comment(context, { ...asked, body: asked.reason, key: 'closing' });
  const closed = await patch(context, asked, { state: 'closed' });
  const { closedAt } = closed.pullRequest;
  if (closedAt === undefined) return closed.pullRequest;
  const marked = await patch(context, asked, { body: boundedBody(closed.body, markerOf(closedMarkerKey(closedAt))) });
  return marked.pullRequest;
}

async function findComment(
  { client, signal }: GithubContext,
  { repository, number }: NumberedPlace,
  marker: string,
): Promise<number | undefined> {
  const query = { ...routeOf(repository), issue_number: number, per_page: 100 } as const;
  const { items } = await client.list({
    schema: commentsAnswer,
    send: (request) => request('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', query),
    signal,
  });
  return items.find(({ body }) => body?.includes(marker) === true)?.id;
}

async function patch(
  { client, signal }: GithubContext,
  { repository, number }: NumberedPlace,
  fields: { readonly title?: string; readonly body?: string; readonly state?: 'closed' },
): Promise<SeenPullRequest> {
  const at = { ...routeOf(repository), pull_number: number, ...fields };
  return client.call({
    schema: pullRequestAnswer,
    send: (request) => request('PATCH /repos/{owner}/{repo}/pulls/{pull_number}', at),
    isRepeatable: true,
    signal,
  });
}

async function fetchOwn(context: GithubContext, place: NumberedPlace): Promise<SeenPullRequest> {
  const seen = await fetchPullRequest(context, place);
  if (seen.pullRequest.head.startsWith(OWN_BRANCH_PREFIX)) return seen;
  const message = `Pull request #${place.number} is of branch ${seen.pullRequest.head}, which is not one of ours.`;
  throw new AppError('permission_denied', message, { hint: `Only those below ${OWN_BRANCH_PREFIX} are changed.` });
}

function assertOpen({ number, state }: PullRequest): void {
  if (state === 'open') return;
  throw new AppError('conflict', `Pull request #${number} is ${state}; it is left as it is.`, {
    hint: 'Open another one from another branch.',
  });
}
