import { z } from 'zod';
import { canPush } from './account-shapes.ts';
import { repositoryOfCall, writableOfCall } from './repository-routes.ts';
import type { StandInRoute } from './repository-routes.ts';
import { invalid, ok, paged, refuse } from './stand-in-reply.ts';
import type { Call, Reply } from './stand-in-reply.ts';
import { takeId } from './stand-in-state.ts';
import type { Comment, Repository, Ticket } from './stand-in-state.ts';
import { commentShape, issueShape, labelShape } from './ticket-shapes.ts';

const MAX_BODY = 65_536;

export function assertBody(body: string, resource: string): void {
  if (body.length <= MAX_BODY) return;
  const message = `body is too long (maximum is ${MAX_BODY} characters)`;
  throw invalid({ resource, field: 'body', code: 'custom', message });
}

export function addTicket(
  repository: Repository,
  { user, title, body }: { readonly user: string; readonly title: string; readonly body: string },
): Ticket {
  const ticket: Ticket = {
    number: repository.tickets.length + 1,
    user,
    title,
    body,
    state: 'open',
    createdAt: new Date().toISOString(),
    closedAt: undefined,
    labels: new Set(),
    comments: [],
    pull: undefined,
  };
  repository.tickets.push(ticket);
  return ticket;
}

export function ticketOf(repository: Repository, number: string | undefined): Ticket {
  const found = repository.tickets.find((ticket) => String(ticket.number) === number);
  if (found === undefined) throw refuse(404, 'Not Found');
  return found;
}

/** Open, closed or all, newest first, as GitHub lists them. */
export function inState(tickets: readonly Ticket[], call: Call): Ticket[] {
  const state = call.query.get('state') ?? 'open';
  return tickets.filter((ticket) => state === 'all' || ticket.state === state).toReversed();
}

const issueFields = z.object({ title: z.string().min(1), body: z.string().default('') });

function createIssue(call: Call): Reply {
  const repository = writableOfCall(call);
  assertIssues(repository);
  const parsed = issueFields.safeParse(call.body);
  if (!parsed.success) throw invalid({ resource: 'Issue', field: 'title', code: 'missing_field' });
  assertBody(parsed.data.body, 'Issue');
  const ticket = addTicket(repository, { user: call.user, ...parsed.data });
  return { status: 201, data: issueShape(ticket, { ...call, repository }) };
}

function listIssues(call: Call): Reply {
  const repository = repositoryOfCall(call);
  assertIssues(repository);
  const tickets = inState(repository.tickets, call);
  return paged(call, tickets, (page) => page.map((ticket) => issueShape(ticket, { ...call, repository })));
}

function getIssue(call: Call): Reply {
  const repository = repositoryOfCall(call);
  return ok(issueShape(ticketOf(repository, call.params['number']), { ...call, repository }));
}

function assertIssues({ hasIssues }: Repository): void {
  if (!hasIssues) throw refuse(410, 'Issues has been disabled in this repository.');
}

const labelNames = z.object({ labels: z.array(z.string()) });

function addLabels(call: Call): Reply {
  const repository = writableOfCall(call);
  const ticket = ticketOf(repository, call.params['number']);
  if (!repository.mayLabel || !canPush(repository, call.user)) {
    throw refuse(403, 'Resource not accessible by personal access token');
  }
  const { labels } = labelNames.parse(call.body);
  for (const label of labels) {
    repository.labels.add(label);
    ticket.labels.add(label);
  }
  return ok([...ticket.labels].map((label) => labelShape(label, { ...call, repository })));
}

const commentFields = z.object({ body: z.string().min(1) });

function createComment(call: Call): Reply {
  const repository = writableOfCall(call);
  const ticket = ticketOf(repository, call.params['number']);
  const parsed = commentFields.safeParse(call.body);
  if (!parsed.success) throw invalid({ resource: 'IssueComment', field: 'body', code: 'missing_field' });
  assertBody(parsed.data.body, 'IssueComment');
  const comment: Comment = {
    id: takeId(call.hub),
    user: call.user,
    body: parsed.data.body,
    createdAt: new Date().toISOString(),
  };
  ticket.comments.push(comment);
  return { status: 201, data: commentShape(comment, ticket.number, { ...call, repository }) };
}

function updateComment(call: Call): Reply {
  const repository = writableOfCall(call);
  for (const ticket of repository.tickets) {
    const comment = ticket.comments.find(({ id }) => String(id) === call.params['id']);
    if (comment === undefined) continue;
    if (comment.user !== call.user) throw refuse(403, 'Must have admin rights to Repository.');
    comment.body = commentFields.parse(call.body).body;
    return ok(commentShape(comment, ticket.number, { ...call, repository }));
  }
  throw refuse(404, 'Not Found');
}

function listComments(call: Call): Reply {
  const repository = repositoryOfCall(call);
  const ticket = ticketOf(repository, call.params['number']);
  return paged(call, ticket.comments, (page) =>
    page.map((comment) => commentShape(comment, ticket.number, { ...call, repository })),
  );
}

const ISSUES = '/repos/{owner}/{repo}/issues';

export const TICKET_ROUTES: readonly StandInRoute[] = [
  { method: 'GET', path: ISSUES, answer: listIssues },
  { method: 'POST', path: ISSUES, answer: createIssue },
  { method: 'PATCH', path: `${ISSUES}/comments/{id}`, answer: updateComment },
  { method: 'GET', path: `${ISSUES}/{number}`, answer: getIssue },
  { method: 'POST', path: `${ISSUES}/{number}/labels`, answer: addLabels },
  { method: 'GET', path: `${ISSUES}/{number}/comments`, answer: listComments },
  { method: 'POST', path: `${ISSUES}/{number}/comments`, answer: createComment },
];
