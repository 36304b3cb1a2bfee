import { z } from 'zod';
import { addPulls, mergeTicket, setState } from './pull-routes.ts';
import { addRepository } from './repository-routes.ts';
import { findCommit } from './stand-in-git.ts';
import { keyOf } from './stand-in-state.ts';
import type { Hub, Repository } from './stand-in-state.ts';
import { addTicket, ticketOf } from './ticket-routes.ts';

/** What a test does behind the API, as other people, administrators and bad luck do. Sent as the body of `POST /_control`. */
const place = { owner: z.string(), name: z.string() };

export const orderSchema = z.discriminatedUnion('order', [
  z.object({ order: z.literal('createRepository'), ...place, from: z.string() }),
  z.object({
    order: z.literal('setRepository'),
    ...place,
    isArchived: z.boolean().optional(),
    isPrivate: z.boolean().optional(),
    isOpenToPush: z.boolean().optional(),
    hasDrafts: z.boolean().optional(),
    hasIssues: z.boolean().optional(),
    mayLabel: z.boolean().optional(),
    unreadyLooks: z.number().optional(),
    saysConflicts: z.boolean().optional(),
  }),
  z.object({ order: z.literal('rename'), ...place, former: z.string() }),
  z.object({
    order: z.literal('fail'),
    times: z.number().int().min(1).default(1),
    method: z.string().optional(),
    path: z.string().optional(),
    /** `reset` ends the connection before anything is done, `lost` after it; `hang` never answers. */
    kind: z.enum(['answer', 'reset', 'hang', 'lost']).default('answer'),
    status: z.number().default(500),
    headers: z.record(z.string(), z.string()).default({}),
    body: z.unknown().default({ message: 'Server Error' }),
  }),
  z.object({
    order: z.literal('setChecks'),
    ...place,
    revision: z.string(),
    runs: z
      .array(
        z.object({
          name: z.string(),
          status: z.enum(['queued', 'in_progress', 'completed']),
          conclusion: z.enum(['success', 'failure', 'neutral', 'cancelled', 'skipped', 'timed_out']).nullable(),
        }),
      )
      .default([]),
    statuses: z
      .array(z.object({ context: z.string(), state: z.enum(['success', 'failure', 'error', 'pending']) }))
      .default([]),
  }),
  z.object({ order: z.literal('setState'), ...place, number: z.number(), state: z.enum(['open', 'closed']) }),
  z.object({ order: z.literal('merge'), ...place, number: z.number() }),
  z.object({
    order: z.literal('review'),
    ...place,
    number: z.number(),
    user: z.string(),
    state: z.enum(['APPROVED', 'CHANGES_REQUESTED', 'COMMENTED', 'DISMISSED']),
    association: z.enum(['OWNER', 'MEMBER', 'COLLABORATOR', 'NONE']).default('COLLABORATOR'),
  }),
  z.object({
    order: z.literal('addPulls'),
    ...place,
    prefix: z.string(),
    count: z.number(),
    revision: z.string(),
    user: z.string(),
  }),
  z.object({
    order: z.literal('addIssue'),
    ...place,
    title: z.string(),
    body: z.string().default(''),
    user: z.string(),
  }),
  z.object({
    order: z.literal('addComment'),
    ...place,
    number: z.number(),
    body: z.string(),
    user: z.string(),
  }),
]);
export type Order = z.infer<typeof orderSchema>;
export type OrderInput = z.input<typeof orderSchema>;

type OrderAt = Extract<Order, { readonly name: string }>;

export function obey(hub: Hub, order: Order): void {
  if (order.order === 'fail') {
    const { order: _order, method, path, ...fault } = order;
    hub.faults.push({ ...fault, method, path });
    return;
  }
  if (order.order === 'createRepository') {
    addRepository(hub, order);
    return;
  }
  const repository = hub.repositories.get(keyOf(order.owner, order.name));
  if (repository === undefined) throw new Error(`There is no ${order.owner}/${order.name}.`);
  obeyAt(hub, repository, order);
}

function obeyAt(hub: Hub, repository: Repository, order: OrderAt): void {
  switch (order.order) {
    case 'createRepository':
      return;
    case 'setRepository': {
      const { order: _order, owner: _owner, name: _name, ...fields } = order;
      Object.assign(repository, fields);
      return;
    }
    case 'rename':
      hub.renamed.set(keyOf(order.owner, order.former), keyOf(order.owner, order.name));
      return;
    case 'setChecks': {
      const sha = findCommit(repository.gitDir, order.revision) ?? '';
      repository.checkRuns.set(sha, order.runs);
      repository.statuses.set(sha, order.statuses);
      return;
    }
    case 'addPulls':
      addPulls(repository, order);
      return;
    case 'addIssue':
      addTicket(repository, order);
      return;
    case 'setState':
    case 'merge':
    case 'review':
    case 'addComment':
      obeyOnTicket(hub, repository, order);
  }
}

type OrderOnTicket = Extract<Order, { readonly number: number }>;

function obeyOnTicket(hub: Hub, repository: Repository, order: OrderOnTicket): void {
  const ticket = ticketOf(repository, String(order.number));
  switch (order.order) {
    case 'setState':
      setState(ticket, order.state);
      return;
    case 'merge':
      mergeTicket(repository, ticket, { user: 'ada', expected: undefined });
      return;
    case 'review':
      ticket.pull?.reviews.push({ user: order.user, state: order.state, association: order.association });
      return;
    case 'addComment': {
      hub.nextId += 1;
      ticket.comments.push({ id: hub.nextId, user: order.user, body: order.body, createdAt: new Date().toISOString() });
    }
  }
}
