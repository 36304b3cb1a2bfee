import { boundedBody, boundedTitle, markerOf } from './body-limit.ts';
import { issueAnswer, issuesAnswer } from './github-answers.ts';
import type { SeenIssue } from './github-answers.ts';
import { routeOf } from './github-context.ts';
import type { GithubContext } from './github-context.ts';
import { applyLabels } from './label-application.ts';
import type { CreatedIssue, RepositoryName } from './pull-request-schema.ts';

export interface IssueRequest {
  readonly repository: RepositoryName;
  readonly title: string;
  readonly body: string;
  readonly labels?: readonly string[] | undefined;
  /** What it is about, the same each time: an issue with this key is not created twice. */
  readonly key: string;
}

/** Creates an issue, or finds the one with that key among the newest 2,000; one that was closed stays closed (`rejected`). */
export async function createIssue(context: GithubContext, asked: IssueRequest): Promise<CreatedIssue> {
  const marker = markerOf(asked.key);
  const { found, notes } = await findIssue(context, asked.repository, marker);
  if (found !== undefined) {
    const outcome = found.state === 'open' ? 'existing' : 'rejected';
    return { outcome, number: found.number, url: found.html_url, notes: [] };
  }
  const fields = {
    ...routeOf(asked.repository),
    title: boundedTitle(asked.title),
    body: boundedBody(asked.body, marker),
  };
  const { number, html_url: url } = await context.client.call({
    schema: issueAnswer,
    send: (request) => request('POST /repos/{owner}/{repo}/issues', fields),
    isRepeatable: false,
    signal: context.signal,
  });
  const labels = asked.labels ?? context.settings.labels;
  const labelNotes = await applyLabels(context, { repository: asked.repository, number, labels });
  return { outcome: 'created', number, url, notes: [...notes, ...labelNotes] };
}

async function findIssue(
  { client, signal }: GithubContext,
  repository: RepositoryName,
  marker: string,
): Promise<{ readonly found: SeenIssue | undefined; readonly notes: readonly string[] }> {
  const query = { ...routeOf(repository), state: 'all', sort: 'created', direction: 'desc', per_page: 100 } as const;
  const { items, isComplete } = await client.list({
    schema: issuesAnswer,
    send: (request) => request('GET /repos/{owner}/{repo}/issues', query),
    signal,
  });
  const found = items.find((issue) => issue.pull_request === undefined && issue.body?.includes(marker) === true);
  const notes = isComplete ? [] : [`Among older issues than the newest ${items.length} there may be the same one.`];
  return { found, notes };
}
