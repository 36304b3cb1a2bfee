import type { components } from '@octokit/openapi-types';
import { z } from 'zod';
import { canPush, commitShape } from './account-shapes.ts';
import { repositoryOfCall, writableOfCall } from './repository-routes.ts';
import type { StandInRoute } from './repository-routes.ts';
import { findCommit, git, mergedTree, readRefs, writeRefs } from './stand-in-git.ts';
import { invalid, ok, paged, refuse } from './stand-in-reply.ts';
import type { Call, Reply } from './stand-in-reply.ts';
import { keyOf } from './stand-in-state.ts';
import type { Hub, Pull, Repository, Ticket } from './stand-in-state.ts';
import { addTicket, assertBody, inState, ticketOf } from './ticket-routes.ts';
import { fileShapes, listedPullShape, pullRef, pullShape, reviewShape } from './ticket-shapes.ts';
import type { PullScene } from './ticket-shapes.ts';

const pullFields = z.object({
  title: z.string().min(1).max(256),
  body: z.string().default(''),
  head: z.string(),
  base: z.string(),
  draft: z.boolean().default(false),
});

type PullFields = z.infer<typeof pullFields>;

function createPull(call: Call): Reply {
  const repository = writableOfCall(call);
  const parsed = pullFields.safeParse(call.body);
  if (!parsed.success) throw invalid({ resource: 'PullRequest', field: 'title', code: 'missing_field' });
  const fields = parsed.data;
  assertBody(fields.body, 'PullRequest');
  const { owner, branch, head } = headOf(call.hub, repository, fields);
  assertCreatable(repository, fields, { owner, branch, head });
  const number = repository.tickets.length + 1;
  takeHead(repository, head, { branch, number });
  const ticket = addTicket(repository, { user: call.user, title: fields.title, body: fields.body });
  const pull = newPull({ owner: head.owner, name: head.name, branch, base: fields.base, isDraft: fields.draft });
  ticket.pull = pull;
  return { status: 201, data: pullShape(sceneOf(call, repository, { ticket, pull, refs: refReader() })) };
}

function newPull(facts: {
  readonly owner: string;
  readonly name: string;
  readonly branch: string;
  readonly base: string;
  readonly isDraft: boolean;
}): Pull {
  return {
    headOwner: facts.owner,
    headRepository: keyOf(facts.owner, facts.name),
    head: facts.branch,
    base: facts.base,
    isDraft: facts.isDraft,
    mergedAt: undefined,
    mergedBy: undefined,
    mergeCommit: undefined,
    reviews: [],
  };
}

/** Branches at one commit, each with a pull request, without the checks of the API. */
export function addPulls(
  repository: Repository,
  asked: { readonly user: string; readonly prefix: string; readonly count: number; readonly revision: string },
): void {
  const sha = git(repository.gitDir, 'rev-parse', asked.revision);
  const refs = new Map<string, string>();
  for (let index = 0; index < asked.count; index += 1) {
    const branch = `${asked.prefix}${index}`;
    const ticket = addTicket(repository, { user: asked.user, title: branch, body: '' });
    const { owner, name, defaultBranch: base } = repository;
    ticket.pull = newPull({ owner, name, branch, base, isDraft: false });
    refs.set(`refs/heads/${branch}`, sha).set(pullRef(ticket.number), sha);
  }
  writeRefs(repository.gitDir, refs);
}

interface Head {
  readonly owner: string;
  readonly branch: string;
  readonly head: Repository;
}

function headOf(hub: Hub, repository: Repository, { head }: PullFields): Head {
  const [owner, branch] = head.includes(':') ? head.split(':', 2) : [repository.owner, head];
  const own = owner?.toLowerCase() === repository.owner.toLowerCase();
  const found = own ? repository : hub.repositories.get(keyOf(owner ?? '', repository.name));
  if (found === undefined || branch === undefined)
    throw invalid({ resource: 'PullRequest', field: 'head', code: 'invalid' });
  return { owner: found.owner, branch, head: found };
}

/** In the order in which GitHub finds fault. */
function assertCreatable(repository: Repository, fields: PullFields, { owner, branch, head }: Head): void {
  const resource = 'PullRequest';
  if (fields.draft && !repository.hasDrafts) {
    throw refuse(422, 'Draft pull requests are not supported in this repository.');
  }
  const from = findCommit(head.gitDir, `refs/heads/${branch}`);
  const base = findCommit(repository.gitDir, `refs/heads/${fields.base}`);
  if (from === undefined) throw invalid({ resource, field: 'head', code: 'invalid' });
  if (base === undefined) throw invalid({ resource, field: 'base', code: 'invalid' });
  const isThere = repository.tickets.some(
    ({ state, pull }) =>
      state === 'open' && pull?.head === branch && pull.headOwner === owner && pull.base === fields.base,
  );
  if (isThere) {
    throw invalid({ resource, code: 'custom', message: `A pull request already exists for ${owner}:${branch}.` });
  }
  takeHead(repository, head, { branch, number: 0 });
  if (git(repository.gitDir, 'rev-list', '--count', `${base}..${from}`) === '0') {
    const message = `No commits between ${repository.owner}:${fields.base} and ${owner}:${branch}`;
    throw invalid({ resource, code: 'custom', message });
  }
}

/** As GitHub keeps it: commits of a fork are in the repository, too. */
function takeHead(
  repository: Repository,
  head: Repository,
  { branch, number }: { readonly branch: string; readonly number: number },
): void {
  if (findCommit(head.gitDir, `refs/heads/${branch}`) === undefined) return;
  git(repository.gitDir, 'fetch', '--quiet', head.gitDir, `+refs/heads/${branch}:${pullRef(number)}`);
}

/** Every pull request of the call's repository, those that are open brought to their branches. */
function scenes(call: Call): PullScene[] {
  const repository = repositoryOfCall(call);
  const refs = refReader();
  return inState(repository.tickets, call).flatMap((ticket) => {
    const { pull } = ticket;
    return pull === undefined ? [] : [sceneOf(call, repository, { ticket, pull, refs })];
  });
}

type RefReader = (gitDir: string) => ReadonlyMap<string, string>;

/** Asks git once a repository, for the time of one call. */
function refReader(): RefReader {
  const known = new Map<string, ReadonlyMap<string, string>>();
  return (gitDir) => {
    const refs = known.get(gitDir) ?? readRefs(gitDir);
    known.set(gitDir, refs);
    return refs;
  };
}

interface SceneParts {
  readonly ticket: Ticket;
  readonly pull: Pull;
  readonly refs: RefReader;
}

function sceneOf(call: Call, repository: Repository, { ticket, pull, refs }: SceneParts): PullScene {
  const headRepository = call.hub.repositories.get(pull.headRepository) ?? repository;
  const { apiUrl, webUrl, user } = call;
  const kept = refs(repository.gitDir).get(pullRef(ticket.number)) ?? '';
  const now = refs(headRepository.gitDir).get(`refs/heads/${pull.head}`) ?? kept;
  const headSha = ticket.state === 'open' ? now : kept;
  if (headSha !== kept) takeHead(repository, headRepository, { branch: pull.head, number: ticket.number });
  const baseSha = refs(repository.gitDir).get(`refs/heads/${pull.base}`) ?? headSha;
  return { apiUrl, webUrl, user, repository, ticket, pull, headRepository, headSha, baseSha };
}

function sceneOfCall(call: Call, repository = repositoryOfCall(call)): PullScene {
  const ticket = ticketOf(repository, call.params['number']);
  if (ticket.pull === undefined) throw refuse(404, 'Not Found');
  return sceneOf(call, repository, { ticket, pull: ticket.pull, refs: refReader() });
}

function listPulls(call: Call): Reply {
  const [owner, branch] = (call.query.get('head') ?? '').split(':', 2);
  const base = call.query.get('base');
  const found = scenes(call)
    // A head without an owner is no filter at GitHub.
    .filter(({ pull }) => branch === undefined || (pull.headOwner === owner && pull.head === branch))
    .filter(({ pull }) => base === null || pull.base === base);
  return paged(call, found, (page) => page.map((scene) => listedPullShape(scene)));
}

const changeFields = z.object({
  title: z.string().min(1).optional(),
  body: z.string().optional(),
  state: z.enum(['open', 'closed']).optional(),
});

function updatePull(call: Call): Reply {
  const scene = sceneOfCall(call, writableOfCall(call));
  const { ticket, repository } = scene;
  if (ticket.user !== call.user && !canPush(repository, call.user)) throw refuse(403, 'Must have write access.');
  const fields = changeFields.parse(call.body);
  if (fields.body !== undefined) assertBody(fields.body, 'PullRequest');
  if (scene.pull.mergedAt !== undefined && fields.state === 'open') {
    throw invalid({ resource: 'PullRequest', field: 'state', code: 'invalid' });
  }
  ticket.title = fields.title ?? ticket.title;
  ticket.body = fields.body ?? ticket.body;
  if (fields.state !== undefined) setState(ticket, fields.state);
  return ok(pullShape(scene));
}

export function setState(ticket: Ticket, state: 'open' | 'closed'): void {
  if (ticket.state === state) return;
  ticket.state = state;
  ticket.closedAt = state === 'open' ? undefined : new Date().toISOString();
}

const mergeFields = z.object({ sha: z.string().optional() }).default({});

function mergePull(call: Call): Reply {
  const scene = sceneOfCall(call, writableOfCall(call));
  const sha = mergeTicket(scene.repository, scene.ticket, {
    user: call.user,
    expected: mergeFields.parse(call.body ?? {}).sha,
  });
  const data = { sha, merged: true, message: 'Pull Request successfully merged' };
  return ok(data satisfies components['schemas']['pull-request-merge-result']);
}

/** A real merge commit on the base branch. Throws 409 when the branch has moved, 405 where it conflicts. */
export function mergeTicket(
  repository: Repository,
  ticket: Ticket,
  { user, expected }: { readonly user: string; readonly expected: string | undefined },
): string {
  const { pull } = ticket;
  if (pull === undefined || ticket.state !== 'open') throw refuse(405, 'Pull Request is not mergeable');
  const { gitDir } = repository;
  const head = git(gitDir, 'rev-parse', pullRef(ticket.number));
  if (expected !== undefined && expected !== head)
    throw refuse(409, 'Head branch was modified. Review and try the merge again.');
  const base = git(gitDir, 'rev-parse', `refs/heads/${pull.base}`);
  const tree = mergedTree(gitDir, base, head);
  if (tree === undefined) throw refuse(405, 'Pull Request is not mergeable');
  const message = `Merge pull request #${ticket.number}`;
  const sha = git(gitDir, 'commit-tree', tree, '-p', base, '-p', head, '-m', message);
  git(gitDir, 'update-ref', `refs/heads/${pull.base}`, sha, base);
  setState(ticket, 'closed');
  pull.mergedAt = ticket.closedAt;
  pull.mergedBy = user;
  pull.mergeCommit = sha;
  return sha;
}

function listCommits(call: Call): Reply {
  const scene = sceneOfCall(call);
  const range = `refs/heads/${scene.pull.base}..${pullRef(scene.ticket.number)}`;
  const shas = git(scene.repository.gitDir, 'rev-list', '--reverse', range)
    .split('\n')
    .filter((sha) => sha !== '');
  return paged(call, shas, (page) => page.map((sha) => commitShape(scene.repository, sha, call)));
}

function listReviews(call: Call): Reply {
  const scene = sceneOfCall(call);
  const shapes = scene.pull.reviews.map((review, index) => reviewShape(review, index + 1, scene));
  return paged(call, shapes, (page) => page);
}

const PULLS = '/repos/{owner}/{repo}/pulls';

export const PULL_ROUTES: readonly StandInRoute[] = [
  { method: 'GET', path: PULLS, answer: listPulls },
  { method: 'POST', path: PULLS, answer: createPull },
  { method: 'GET', path: `${PULLS}/{number}`, answer: (call) => ok(pullShape(sceneOfCall(call))) },
  { method: 'PATCH', path: `${PULLS}/{number}`, answer: updatePull },
  { method: 'PUT', path: `${PULLS}/{number}/merge`, answer: mergePull },
  {
    method: 'GET',
    path: `${PULLS}/{number}/files`,
    answer: (call) => paged(call, fileShapes(sceneOfCall(call)), (page) => page),
  },
  { method: 'GET', path: `${PULLS}/{number}/commits`, answer: listCommits },
  { method: 'GET', path: `${PULLS}/{number}/reviews`, answer: listReviews },
];
