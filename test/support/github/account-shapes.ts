import { createHash } from 'node:crypto';
import type { components } from '@octokit/openapi-types';
import { findCommit, git } from './stand-in-git.ts';
import type { Repository } from './stand-in-state.ts';

type Schemas = components['schemas'];

/** Base URLs of an answer. */
export interface Bases {
  readonly apiUrl: string;
  readonly webUrl: string;
}

const WHEN = '2026-01-01T00:00:00Z';

export function nodeId(kind: string, id: number | string): string {
  return Buffer.from(`${kind}:${id}`).toString('base64');
}

/** The same number for the same name. */
export function numberOf(name: string): number {
  return createHash('sha256').update(name).digest().readUInt32BE(0);
}

export function userShape(login: string, { apiUrl, webUrl }: Bases): Schemas['simple-user'] {
  const url = `${apiUrl}/users/${login}`;
  return {
    login,
    id: numberOf(login),
    node_id: nodeId('User', login),
    avatar_url: `${webUrl}/avatars/${login}`,
    gravatar_id: '',
    url,
    html_url: `${webUrl}/${login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: 'User',
    site_admin: false,
  };
}

export function ownUserShape(login: string, bases: Bases): Schemas['public-user'] {
  return {
    ...userShape(login, bases),
    name: null,
    company: null,
    blog: null,
    location: null,
    email: null,
    hireable: null,
    bio: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: WHEN,
    updated_at: WHEN,
  };
}

export function canPush(repository: Repository, user: string): boolean {
  return !repository.isArchived && (repository.isOpenToPush || repository.owner === user);
}

function urlsOf({ owner, name }: Repository, { apiUrl, webUrl }: Bases) {
  const url = `${apiUrl}/repos/${owner}/${name}`;
  const page = `${webUrl}/${owner}/${name}`;
  return {
    html_url: page,
    url,
    archive_url: `${url}/{archive_format}{/ref}`,
    assignees_url: `${url}/assignees{/user}`,
    blobs_url: `${url}/git/blobs{/sha}`,
    branches_url: `${url}/branches{/branch}`,
    collaborators_url: `${url}/collaborators{/collaborator}`,
    comments_url: `${url}/comments{/number}`,
    commits_url: `${url}/commits{/sha}`,
    compare_url: `${url}/compare/{base}...{head}`,
    contents_url: `${url}/contents/{+path}`,
    contributors_url: `${url}/contributors`,
    deployments_url: `${url}/deployments`,
    downloads_url: `${url}/downloads`,
    events_url: `${url}/events`,
    forks_url: `${url}/forks`,
    git_commits_url: `${url}/git/commits{/sha}`,
    git_refs_url: `${url}/git/refs{/sha}`,
    git_tags_url: `${url}/git/tags{/sha}`,
    git_url: `git:${page.slice(page.indexOf('//'))}.git`,
    issue_comment_url: `${url}/issues/comments{/number}`,
    issue_events_url: `${url}/issues/events{/number}`,
    issues_url: `${url}/issues{/number}`,
    keys_url: `${url}/keys{/key_id}`,
    labels_url: `${url}/labels{/name}`,
    languages_url: `${url}/languages`,
    merges_url: `${url}/merges`,
    milestones_url: `${url}/milestones{/number}`,
    notifications_url: `${url}/notifications{?since,all,participating}`,
    pulls_url: `${url}/pulls{/number}`,
    releases_url: `${url}/releases{/id}`,
    ssh_url: `git@${new URL(webUrl).host}:${owner}/${name}.git`,
    stargazers_url: `${url}/stargazers`,
    statuses_url: `${url}/statuses/{sha}`,
    subscribers_url: `${url}/subscribers`,
    subscription_url: `${url}/subscription`,
    tags_url: `${url}/tags`,
    teams_url: `${url}/teams`,
    trees_url: `${url}/git/trees{/sha}`,
    clone_url: `${page}.git`,
    mirror_url: null,
    hooks_url: `${url}/hooks`,
    svn_url: page,
  };
}

export function repositoryShape(repository: Repository, bases: Bases, user: string): Schemas['repository'] {
  const mayPush = canPush(repository, user);
  const openIssues = repository.tickets.filter(({ state }) => state === 'open').length;
  return {
    id: repository.id,
    node_id: nodeId('Repository', repository.id),
    name: repository.name,
    full_name: `${repository.owner}/${repository.name}`,
    owner: userShape(repository.owner, bases),
    private: repository.isPrivate,
    description: null,
    fork: repository.parent !== undefined,
    ...urlsOf(repository, bases),
    license: null,
    homepage: null,
    language: null,
    forks: 0,
    forks_count: 0,
    stargazers_count: 0,
    watchers: 0,
    watchers_count: 0,
    size: 1,
    default_branch: repository.defaultBranch,
    open_issues: openIssues,
    open_issues_count: openIssues,
    has_issues: repository.hasIssues,
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    has_downloads: false,
    archived: repository.isArchived,
    disabled: false,
    pushed_at: WHEN,
    created_at: WHEN,
    updated_at: WHEN,
    permissions: { admin: repository.owner === user, push: mayPush, pull: true },
  };
}

export function fullRepositoryShape(
  repository: Repository,
  parent: Repository | undefined,
  { user, ...bases }: Bases & { readonly user: string },
): Schemas['full-repository'] {
  const { temp_clone_token: _none, ...plain } = repositoryShape(repository, bases, user);
  return {
    ...plain,
    has_discussions: false,
    pushed_at: WHEN,
    created_at: WHEN,
    updated_at: WHEN,
    subscribers_count: 0,
    network_count: 0,
    ...(parent !== undefined && {
      parent: repositoryShape(parent, bases, user),
      source: repositoryShape(parent, bases, user),
    }),
  };
}

export function commitShape(repository: Repository, sha: string, bases: Bases): Schemas['commit'] {
  const url = `${bases.apiUrl}/repos/${repository.owner}/${repository.name}`;
  const page = `${bases.webUrl}/${repository.owner}/${repository.name}`;
  const format = '--format=%an%x00%ae%x00%aI%x00%T%x00%P%x00%B';
  const [name = '', email = '', date = '', tree = '', parents = '', ...message] = git(
    repository.gitDir,
    'show',
    '--no-patch',
    format,
    sha,
  ).split('\0');
  const person = { name, email, date };
  return {
    url: `${url}/commits/${sha}`,
    sha,
    node_id: nodeId('Commit', sha),
    html_url: `${page}/commit/${sha}`,
    comments_url: `${url}/commits/${sha}/comments`,
    commit: {
      url: `${url}/git/commits/${sha}`,
      author: person,
      committer: person,
      message: message.join('\0').trim(),
      comment_count: 0,
      tree: { sha: tree, url: `${url}/git/trees/${tree}` },
    },
    author: null,
    committer: null,
    parents: parents
      .split(' ')
      .filter((parent) => parent !== '')
      .map((parent) => ({ sha: parent, url: `${url}/commits/${parent}`, html_url: `${page}/commit/${parent}` })),
  };
}

export function branchShape(
  repository: Repository,
  name: string,
  bases: Bases,
): Schemas['branch-with-protection'] | undefined {
  const sha = findCommit(repository.gitDir, `refs/heads/${name}`);
  if (sha === undefined) return undefined;
  const self = `${bases.apiUrl}/repos/${repository.owner}/${repository.name}/branches/${name}`;
  return {
    name,
    commit: commitShape(repository, sha, bases),
    _links: { html: `${bases.webUrl}/${repository.owner}/${repository.name}/tree/${name}`, self },
    protected: false,
    protection: { enabled: false },
    protection_url: `${self}/protection`,
  };
}
