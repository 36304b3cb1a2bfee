import type { SeenPullRequest } from './github-answers.ts';

/** With the moment of closing: who opens it again and closes it anew is a person, whom the old marker does not speak for. */
const PREFIX = 'closed-by-itself:';

export function closedMarkerKey(closedAt: string): string {
  return `${PREFIX}${closedAt}`;
}

/** Whether we closed it, and not a person: what people close is not opened again. Anybody else's account could be the same. */
export function isClosedByUs({ body, pullRequest }: SeenPullRequest): boolean {
  const { closedAt } = pullRequest;
  return closedAt !== undefined && body.includes(`<!-- lightdom:${closedMarkerKey(closedAt)} -->`);
}
