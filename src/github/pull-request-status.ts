import type { z } from 'zod';
import { AppError, describeError } from '../core/errors.ts';
import { checkRunsAnswer, reviewsAnswer, statusesAnswer } from './github-answers.ts';
import type { SeenCheck, SeenReview } from './github-answers.ts';
import type { GithubRequest } from './github-client.ts';
import { fetchPullRequest, routeOf } from './github-context.ts';
import type { GithubContext, NumberedPlace } from './github-context.ts';
import { statusOf } from './github-failure.ts';
import type { CheckSummary, PullRequest, PullRequestStatus } from './pull-request-schema.ts';

const MAX_SHOWN_FAILURES = 20;
/** Fine-grained tokens may see pull requests and not their checks. */
const UNSEEN = new Set([403, 404]);
/** Whose reviews count: an account without rights may approve as well. */
const REVIEWERS = new Set(['OWNER', 'MEMBER', 'COLLABORATOR']);
/** Comments say neither yes nor no. */
const VERDICTS = new Set(['APPROVED', 'CHANGES_REQUESTED', 'DISMISSED']);

/** State, reviews and checks of a pull request, asked at this moment. What the token may not see is said in `notes`. */
export async function getPullRequestStatus(context: GithubContext, place: NumberedPlace): Promise<PullRequestStatus> {
  const { pullRequest, mergeable } = await fetchPullRequest(context, place);
  const { repository, number } = place;
  const at = { ...routeOf(repository), per_page: 100 } as const;
  const onCommit = { ...at, ref: pullRequest.headCommit };
  const [reviews, runs, statuses] = await Promise.all([
    listSeen(context, 'reviews', {
      schema: reviewsAnswer,
      send: (request) =>
        request('GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews', { ...at, pull_number: number }),
    }),
    listSeen(context, 'check runs', {
      schema: checkRunsAnswer,
      send: (request) => request('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', onCommit),
    }),
    listSeen(context, 'commit statuses', {
      schema: statusesAnswer,
      send: (request) => request('GET /repos/{owner}/{repo}/commits/{ref}/status', onCommit),
    }),
  ]);
  return {
    ...pullRequest,
    mergeable: pullRequest.state === 'open' ? mergeable : 'unknown',
    review: reviewOf(reviews.items, pullRequest),
    checks: summaryOf([...runs.items, ...statuses.items]),
    notes: [...reviews.notes, ...runs.notes, ...statuses.notes],
  };
}

interface Seen<T> {
  readonly items: readonly T[];
  readonly notes: readonly string[];
}

async function listSeen<T>(
  { client, signal }: GithubContext,
  what: string,
  asked: {
    readonly schema: z.ZodType<readonly T[]>;
    readonly send: (request: GithubRequest) => ReturnType<GithubRequest>;
  },
): Promise<Seen<T>> {
  try {
    const { items, isComplete } = await client.list({ ...asked, signal });
    return { items, notes: isComplete ? [] : [`Of its ${what} the first ${items.length} were read.`] };
  } catch (error) {
    if (!(error instanceof AppError) || !UNSEEN.has(statusOf(error) ?? 0)) throw error;
    return { items: [], notes: [`Its ${what} could not be seen: ${describeError(error)}`] };
  }
}

/** The last verdict of each reviewer; one who asks for changes outweighs all others. */
function reviewOf(reviews: readonly SeenReview[], { author }: PullRequest): PullRequestStatus['review'] {
  const last = new Map<string, string>();
  for (const { user, state, author_association: association } of reviews) {
    const login = user?.login;
    if (login === undefined || login === author || !VERDICTS.has(state) || !REVIEWERS.has(association)) continue;
    last.set(login, state);
  }
  const verdicts = new Set(last.values());
  if (verdicts.has('CHANGES_REQUESTED')) return 'changes_requested';
  return verdicts.has('APPROVED') ? 'approved' : 'none';
}

function summaryOf(checks: readonly SeenCheck[]): CheckSummary {
  const count = (verdict: SeenCheck['verdict']): number => checks.filter((check) => check.verdict === verdict).length;
  const [passing, failing, pending] = [count('passing'), count('failing'), count('pending')];
  const failures = checks
    .filter(({ verdict }) => verdict === 'failing')
    .slice(0, MAX_SHOWN_FAILURES)
    .map(({ name, url }) => (url === undefined ? { name } : { name, url }));
  return { state: stateOf({ passing, failing, pending }), passing, failing, pending, failures };
}

function stateOf({ passing, failing, pending }: Omit<CheckSummary, 'state' | 'failures'>): CheckSummary['state'] {
  if (failing > 0) return 'failing';
  if (pending > 0) return 'pending';
  return passing > 0 ? 'passing' : 'none';
}
