import type { components } from '@octokit/openapi-types';
import { nodeId, numberOf, repositoryShape, userShape } from './account-shapes.ts';
import type { Bases } from './account-shapes.ts';
import { findCommit, git, mergedTree } from './stand-in-git.ts';
import type { CheckRun, Comment, CommitStatus, Pull, Repository, Review, Ticket } from './stand-in-state.ts';

type Schemas = components['schemas'];

/** Where a shape is made, and for whom. */
export interface Scene extends Bases {
  readonly repository: Repository;
  readonly user: string;
}

/** A pull request with the repository of its branch; that is gone when the fork was deleted. */
export interface PullScene extends Scene {
  readonly ticket: Ticket;
  readonly pull: Pull;
  readonly headRepository: Repository;
  readonly headSha: string;
  readonly baseSha: string;
}

const pageOf = ({ repository, webUrl }: Scene): string => `${webUrl}/${repository.owner}/${repository.name}`;
const urlOf = ({ repository, apiUrl }: Scene): string => `${apiUrl}/repos/${repository.owner}/${repository.name}`;

export function labelShape(name: string, scene: Scene): Schemas['label'] {
  return {
    id: numberOf(name),
    node_id: nodeId('Label', name),
    url: `${urlOf(scene)}/labels/${encodeURIComponent(name)}`,
    name,
    description: null,
    color: 'ededed',
    default: false,
  };
}

export function commentShape(comment: Comment, number: number, scene: Scene): Schemas['issue-comment'] {
  return {
    id: comment.id,
    node_id: nodeId('IssueComment', comment.id),
    url: `${urlOf(scene)}/issues/comments/${comment.id}`,
    html_url: `${pageOf(scene)}/issues/${number}#issuecomment-${comment.id}`,
    body: comment.body,
    user: userShape(comment.user, scene),
    created_at: comment.createdAt,
    updated_at: comment.createdAt,
    issue_url: `${urlOf(scene)}/issues/${number}`,
    author_association: 'NONE',
  };
}

export function issueShape(ticket: Ticket, scene: Scene): Schemas['issue'] {
  const url = `${urlOf(scene)}/issues/${ticket.number}`;
  const pullUrl = `${urlOf(scene)}/pulls/${ticket.number}`;
  const page = `${pageOf(scene)}/${ticket.pull === undefined ? 'issues' : 'pull'}/${ticket.number}`;
  return {
    id: ticket.number,
    node_id: nodeId('Issue', ticket.number),
    url,
    repository_url: urlOf(scene),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: page,
    number: ticket.number,
    state: ticket.state,
    title: ticket.title,
    body: ticket.body,
    user: userShape(ticket.user, scene),
    labels: [...ticket.labels].map((label) => labelShape(label, scene)),
    assignee: null,
    milestone: null,
    locked: false,
    comments: ticket.comments.length,
    ...(ticket.pull !== undefined && {
      pull_request: { url: pullUrl, html_url: page, diff_url: `${page}.diff`, patch_url: `${page}.patch` },
    }),
    closed_at: ticket.closedAt ?? null,
    created_at: ticket.createdAt,
    updated_at: ticket.createdAt,
  };
}

/** What GitHub keeps of each pull request, wherever its branch is. */
export function pullRef(number: number): string {
  return `refs/pull/${number}/head`;
}

function commonOf(scene: PullScene) {
  const { ticket, pull, repository, headRepository, headSha: head, baseSha: base, user } = scene;
  const { number } = ticket;
  const url = `${urlOf(scene)}/pulls/${number}`;
  const issueUrl = `${urlOf(scene)}/issues/${number}`;
  const page = `${pageOf(scene)}/pull/${number}`;
  const statusesUrl = `${urlOf(scene)}/statuses/${head}`;
  const link = (href: string): Schemas['link'] => ({ href });
  return {
    url,
    id: number,
    node_id: nodeId('PullRequest', number),
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: issueUrl,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${urlOf(scene)}/pulls/comments{/number}`,
    comments_url: `${issueUrl}/comments`,
    statuses_url: statusesUrl,
    number,
    state: ticket.state,
    locked: false,
    title: ticket.title,
    user: userShape(ticket.user, scene),
    body: ticket.body,
    milestone: null,
    created_at: ticket.createdAt,
    updated_at: ticket.createdAt,
    closed_at: ticket.closedAt ?? null,
    merged_at: pull.mergedAt ?? null,
    assignee: null,
    head: {
      label: `${pull.headOwner}:${pull.head}`,
      ref: pull.head,
      sha: head,
      repo: repositoryShape(headRepository, scene, user),
      user: userShape(pull.headOwner, scene),
    },
    base: {
      label: `${repository.owner}:${pull.base}`,
      ref: pull.base,
      sha: base,
      repo: repositoryShape(repository, scene, user),
      user: userShape(repository.owner, scene),
    },
    _links: {
      comments: link(`${issueUrl}/comments`),
      commits: link(`${url}/commits`),
      statuses: link(statusesUrl),
      html: link(page),
      issue: link(issueUrl),
      review_comments: link(`${url}/comments`),
      review_comment: link(`${urlOf(scene)}/pulls/comments{/number}`),
      self: link(url),
    },
    author_association: 'CONTRIBUTOR' as const,
    auto_merge: null,
    draft: pull.isDraft,
  };
}

export function listedPullShape(scene: PullScene): Schemas['pull-request-simple'] {
  const labels = [...scene.ticket.labels].map((label) => Object.assign(labelShape(label, scene), { description: '' }));
  return { ...commonOf(scene), labels, merge_commit_sha: scene.pull.mergeCommit ?? null };
}

export function pullShape(scene: PullScene): Schemas['pull-request'] {
  const { ticket, pull, repository } = scene;
  const common = commonOf(scene);
  const range = `${common.base.sha}...${common.head.sha}`;
  const changes = changedLines(repository, range);
  const isOpen = ticket.state === 'open';
  const canMerge =
    isOpen &&
    !repository.saysConflicts &&
    mergedTree(repository.gitDir, common.base.sha, common.head.sha) !== undefined;
  return {
    ...common,
    labels: [...ticket.labels].map((label) => labelShape(label, scene)),
    merge_commit_sha: pull.mergeCommit ?? null,
    merged: pull.mergedAt !== undefined,
    mergeable: isOpen ? canMerge : null,
    mergeable_state: !isOpen ? 'unknown' : canMerge ? 'clean' : 'dirty',
    merged_by: pull.mergedBy === undefined ? null : userShape(pull.mergedBy, scene),
    comments: ticket.comments.length,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: Number(git(repository.gitDir, 'rev-list', '--count', `${common.base.sha}..${common.head.sha}`)),
    additions: changes.reduce((sum, change) => sum + change.added, 0),
    deletions: changes.reduce((sum, change) => sum + change.removed, 0),
    changed_files: changes.length,
  };
}

function changedLines({ gitDir }: Repository, range: string) {
  return git(gitDir, 'diff', '--numstat', '--no-renames', range)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [added = '', removed = '', path = ''] = line.split('\t');
      return { added: Number(added) || 0, removed: Number(removed) || 0, path };
    });
}

const FILE_STATUS: Readonly<Record<string, Schemas['diff-entry']['status']>> = {
  A: 'added',
  D: 'removed',
  M: 'modified',
};

export function fileShapes(scene: PullScene): Schemas['diff-entry'][] {
  const { repository, headSha: head, baseSha } = scene;
  const range = `${baseSha}...${head}`;
  const letters = new Map(
    git(repository.gitDir, 'diff', '--name-status', '--no-renames', range)
      .split('\n')
      .map((line) => [line.slice(2), line[0] ?? ''] as const),
  );
  return changedLines(repository, range).map(({ added, removed, path }) => ({
    sha: findCommit(repository.gitDir, `${head}:${path}`) ?? null,
    filename: path,
    status: FILE_STATUS[letters.get(path) ?? ''] ?? 'changed',
    additions: added,
    deletions: removed,
    changes: added + removed,
    blob_url: `${pageOf(scene)}/blob/${head}/${path}`,
    raw_url: `${pageOf(scene)}/raw/${head}/${path}`,
    contents_url: `${urlOf(scene)}/contents/${path}?ref=${head}`,
  }));
}

export function reviewShape(review: Review, id: number, scene: PullScene): Schemas['pull-request-review'] {
  const html = `${pageOf(scene)}/pull/${scene.ticket.number}#pullrequestreview-${id}`;
  const pullUrl = `${urlOf(scene)}/pulls/${scene.ticket.number}`;
  return {
    id,
    node_id: nodeId('PullRequestReview', id),
    user: userShape(review.user, scene),
    body: '',
    state: review.state,
    html_url: html,
    pull_request_url: pullUrl,
    _links: { html: { href: html }, pull_request: { href: pullUrl } },
    commit_id: scene.headSha,
    author_association: review.association,
  };
}

export function checkRunShape(
  run: CheckRun,
  place: { readonly id: number; readonly sha: string },
  scene: Scene,
): Schemas['check-run'] {
  const { id, sha } = place;
  const url = `${urlOf(scene)}/check-runs/${id}`;
  return {
    id,
    head_sha: sha,
    node_id: nodeId('CheckRun', id),
    external_id: '',
    url,
    html_url: `${pageOf(scene)}/runs/${id}`,
    details_url: null,
    status: run.status,
    conclusion: run.conclusion,
    started_at: null,
    completed_at: null,
    output: { title: null, summary: null, text: null, annotations_count: 0, annotations_url: `${url}/annotations` },
    name: run.name,
    check_suite: null,
    app: null,
    pull_requests: [],
  };
}

export function statusShape(
  status: CommitStatus,
  place: { readonly id: number; readonly sha: string },
  scene: Scene,
): Schemas['simple-commit-status'] {
  const { id, sha } = place;
  return {
    description: null,
    id,
    node_id: nodeId('StatusContext', id),
    state: status.state,
    context: status.context,
    target_url: `${pageOf(scene)}/status/${id}`,
    avatar_url: null,
    url: `${urlOf(scene)}/statuses/${sha}`,
    created_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-01-01T00:00:00Z',
  };
}
