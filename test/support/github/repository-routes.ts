import type { components } from '@octokit/openapi-types';
import { join } from 'node:path';
import { z } from 'zod';
import { branchShape, canPush, fullRepositoryShape, ownUserShape, repositoryShape } from './account-shapes.ts';
import { cloneBare, findCommit, git } from './stand-in-git.ts';
import { invalid, ok, paged, refuse } from './stand-in-reply.ts';
import type { Call, Reply } from './stand-in-reply.ts';
import { keyOf, takeId } from './stand-in-state.ts';
import type { Hub, Repository } from './stand-in-state.ts';
import { checkRunShape, labelShape, statusShape } from './ticket-shapes.ts';

/** One operation of the API: method, path with `{names}`, what it does. */
export interface StandInRoute {
  readonly method: string;
  readonly path: string;
  readonly answer: (call: Call) => Reply;
}

export function addRepository(
  hub: Hub,
  facts: { readonly owner: string; readonly name: string; readonly from: string; readonly parent?: string },
): Repository {
  const { owner, name, from, parent } = facts;
  const gitDir = join(hub.root, owner, `${name}.git`);
  cloneBare(from, gitDir);
  const repository: Repository = {
    id: takeId(hub),
    owner,
    name,
    gitDir,
    defaultBranch: git(gitDir, 'symbolic-ref', '--short', 'HEAD'),
    parent,
    tickets: [],
    labels: new Set(['bug']),
    checkRuns: new Map(),
    statuses: new Map(),
    isArchived: false,
    isPrivate: false,
    isOpenToPush: true,
    hasDrafts: true,
    hasIssues: true,
    mayLabel: true,
    unreadyLooks: 0,
    saysConflicts: false,
  };
  hub.repositories.set(keyOf(owner, name), repository);
  return repository;
}

/** Throws 404 for what is not there, and for what the account may not see. */
export function repositoryOfCall({ hub, params, user }: Call): Repository {
  const found = hub.repositories.get(keyOf(params['owner'] ?? '', params['repo'] ?? ''));
  if (found === undefined || (found.isPrivate && found.owner !== user)) throw refuse(404, 'Not Found');
  return found;
}

export function writableOfCall(call: Call): Repository {
  const repository = repositoryOfCall(call);
  if (repository.isArchived) throw refuse(403, 'Repository was archived so is read-only.');
  return repository;
}

function full(call: Call, repository: Repository): components['schemas']['full-repository'] {
  const parent = repository.parent === undefined ? undefined : call.hub.repositories.get(repository.parent);
  return fullRepositoryShape(repository, parent, { apiUrl: call.apiUrl, webUrl: call.webUrl, user: call.user });
}

function getRepository(call: Call): Reply {
  const former = call.hub.renamed.get(keyOf(call.params['owner'] ?? '', call.params['repo'] ?? ''));
  if (former === undefined) return ok(full(call, repositoryOfCall(call)));
  const { id } = call.hub.repositories.get(former) ?? { id: 0 };
  const location = `${call.apiUrl}/repositories/${id}`;
  return { status: 301, data: { message: 'Moved Permanently', url: location }, headers: { location } };
}

function getById(call: Call): Reply {
  const found = [...call.hub.repositories.values()].find(({ id }) => String(id) === call.params['id']);
  if (found === undefined) throw refuse(404, 'Not Found');
  return ok(full(call, found));
}

function createFork(call: Call): Reply {
  const parent = repositoryOfCall(call);
  if (findCommit(parent.gitDir, 'HEAD') === undefined)
    throw refuse(403, 'The repository exists, but it contains no Git content.');
  const existing = call.hub.repositories.get(keyOf(call.user, parent.name));
  if (existing !== undefined) return { status: 202, data: full(call, existing) };
  const key = keyOf(parent.owner, parent.name);
  const fork = addRepository(call.hub, { owner: call.user, name: parent.name, from: parent.gitDir, parent: key });
  fork.isOpenToPush = false;
  fork.unreadyLooks = 2;
  return { status: 202, data: full(call, fork) };
}

function getBranch(call: Call): Reply {
  const repository = repositoryOfCall(call);
  if (repository.unreadyLooks > 0) {
    repository.unreadyLooks -= 1;
    throw refuse(404, 'Branch not found');
  }
  const branch = branchShape(repository, call.params['branch'] ?? '', call);
  if (branch === undefined) throw refuse(404, 'Branch not found');
  return ok(branch);
}

function getRef(call: Call): Reply {
  const { gitDir, owner, name } = repositoryOfCall(call);
  const ref = call.params['ref'] ?? '';
  const sha = findCommit(gitDir, `refs/${ref}`);
  if (sha === undefined) throw refuse(404, 'Not Found');
  const url = `${call.apiUrl}/repos/${owner}/${name}/git`;
  return ok({
    ref: `refs/${ref}`,
    node_id: sha,
    url: `${url}/refs/${ref}`,
    object: { sha, type: 'commit', url: `${url}/commits/${sha}` },
  } satisfies components['schemas']['git-ref']);
}

const labelFields = z.object({ name: z.string().min(1).max(50), color: z.string().optional() });

function createLabel(call: Call): Reply {
  const repository = writableOfCall(call);
  if (!repository.mayLabel || !canPush(repository, call.user)) {
    throw refuse(403, 'Resource not accessible by personal access token');
  }
  const parsed = labelFields.safeParse(call.body);
  if (!parsed.success) throw invalid({ resource: 'Label', field: 'name', code: 'invalid' });
  if (repository.labels.has(parsed.data.name))
    throw invalid({ resource: 'Label', field: 'name', code: 'already_exists' });
  repository.labels.add(parsed.data.name);
  return { status: 201, data: labelShape(parsed.data.name, { ...call, repository }) };
}

function getLabel(call: Call): Reply {
  const repository = repositoryOfCall(call);
  const name = call.params['name'] ?? '';
  if (!repository.labels.has(name)) throw refuse(404, 'Not Found');
  return ok(labelShape(name, { ...call, repository }));
}

function listLabels(call: Call): Reply {
  const repository = repositoryOfCall(call);
  return paged(call, [...repository.labels], (page) => page.map((name) => labelShape(name, { ...call, repository })));
}

function listCheckRuns(call: Call): Reply {
  const repository = repositoryOfCall(call);
  const sha = commitOfCall(call, repository);
  const runs = repository.checkRuns.get(sha) ?? [];
  const shapes = runs.map((run, index) => checkRunShape(run, { id: index + 1, sha }, { ...call, repository }));
  return paged(call, shapes, (page) => ({ total_count: runs.length, check_runs: page }));
}

function getStatus(call: Call): Reply {
  const repository = repositoryOfCall(call);
  const sha = commitOfCall(call, repository);
  const statuses = repository.statuses.get(sha) ?? [];
  const shapes = statuses.map((status, index) => statusShape(status, { id: index + 1, sha }, { ...call, repository }));
  const url = `${call.apiUrl}/repos/${repository.owner}/${repository.name}/commits/${sha}`;
  const states = new Set<string>(statuses.map(({ state }) => state));
  const isFailing = states.has('failure') || states.has('error');
  const state = isFailing ? 'failure' : states.has('pending') || states.size === 0 ? 'pending' : 'success';
  return paged(
    call,
    shapes,
    (page) =>
      ({
        state,
        statuses: [...page],
        sha,
        total_count: statuses.length,
        repository: minimalShape(call, repository),
        commit_url: url,
        url: `${url}/status`,
      }) satisfies components['schemas']['combined-commit-status'],
  );
}

function minimalShape(call: Call, repository: Repository): components['schemas']['minimal-repository'] {
  const { license: _license, ...plain } = repositoryShape(repository, call, call.user);
  return plain;
}

function commitOfCall({ params }: Call, { gitDir }: Repository): string {
  const sha = findCommit(gitDir, params['ref'] ?? '');
  if (sha === undefined) throw refuse(422, `No commit found for SHA: ${params['ref'] ?? ''}`);
  return sha;
}

const REPOSITORY = '/repos/{owner}/{repo}';

export const REPOSITORY_ROUTES: readonly StandInRoute[] = [
  { method: 'GET', path: '/user', answer: (call) => ok(ownUserShape(call.user, call)) },
  { method: 'GET', path: '/repositories/{id}', answer: getById },
  { method: 'GET', path: REPOSITORY, answer: getRepository },
  { method: 'POST', path: `${REPOSITORY}/forks`, answer: createFork },
  { method: 'GET', path: `${REPOSITORY}/branches/{branch}`, answer: getBranch },
  { method: 'GET', path: `${REPOSITORY}/git/ref/{ref+}`, answer: getRef },
  { method: 'GET', path: `${REPOSITORY}/labels`, answer: listLabels },
  { method: 'POST', path: `${REPOSITORY}/labels`, answer: createLabel },
  { method: 'GET', path: `${REPOSITORY}/labels/{name}`, answer: getLabel },
  { method: 'GET', path: `${REPOSITORY}/commits/{ref}/check-runs`, answer: listCheckRuns },
  { method: 'GET', path: `${REPOSITORY}/commits/{ref}/status`, answer: getStatus },
];
