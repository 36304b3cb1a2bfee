import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { EVENT_TYPES } from '../../events/index.ts';
import type { EventFilter, EventOutbox, EventType } from '../../events/index.ts';
import { accessOf } from '../../surface/index.ts';
import { READ_SCOPE } from '../mcp/scope-policy.ts';
import type { OauthConfig } from './access-token.ts';
import { sendStepUp } from './bearer-challenge.ts';
import { DEFAULT_STREAM_LIMITS, EventClients } from './event-clients.ts';
import type { StreamLimits, StreamRequest, Ticker } from './event-clients.ts';

export interface EventRoutesOptions {
  readonly outbox: EventOutbox;
  readonly limits?: StreamLimits;
  /** The clock of heartbeats; the process's own without it. */
  readonly ticker?: Ticker;
}

const HEAD = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  'x-accel-buffering': 'no',
};

const MAX_ID_DIGITS = 15;

const textOrList = z.union([z.string(), z.array(z.string())]).transform((given) => [given].flat());
const querySchema = z.strictObject({
  type: textOrList.optional(),
  runId: z.string().min(1).max(200).optional(),
  service: z.string().min(1).max(63).optional(),
  lastEventId: z.string().optional(),
});

/**
 * `GET /api/events`: what happens, as server-sent events. `type` (repeated or with commas; `run` stands for all of `run.…`)
 * `runId` and `service` choose; `Last-Event-ID`, or `lastEventId` in the query, goes on after an event. Returns the streams, for
 * their counts.
 */
export function eventRoutes(
  app: FastifyInstance,
  { outbox, limits = DEFAULT_STREAM_LIMITS, ticker = ticking }: EventRoutesOptions,
  { oauth, log }: { readonly oauth: OauthConfig | undefined; readonly log: Log },
): EventClients {
  const clients = new EventClients({ outbox, limits, ticker });
  app.addHook('preClose', () => clients.close());
  app.get('/api/events', { exposeHeadRoute: false }, async (request, reply) => {
    const granted = request.identity?.scopes ?? [];
    if (!granted.includes(READ_SCOPE)) return sendStepUp(reply, oauth, { missing: READ_SCOPE, granted });
    const stream = streamOf(request);
    clients.requireRoom(stream.principal);
    reply.hijack();
    reply.raw.writeHead(200, HEAD);
    // What is lost when a client goes without a word shows at the next write.
    reply.raw.on('error', (error) => log.debug({ err: error }, 'a stream of events broke'));
    await clients.serve(reply.raw, stream).catch((error: unknown) => {
      log.warn({ err: error }, 'a stream of events could not be read');
      reply.raw.destroy();
    });
    return reply;
  });
  return clients;
}

function streamOf({ query, headers, identity }: FastifyRequest): StreamRequest {
  const parsed = querySchema.safeParse(query);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new AppError('invalid_input', `The query does not fit: ${issue?.message ?? 'it can not be read'}.`, {
      hint: 'It may have type, runId, service and lastEventId.',
    });
  }
  const { type, runId, service, lastEventId } = parsed.data;
  const caller = identity ?? { principal: '', scopes: [] };
  const filter: EventFilter = {
    ...(type === undefined ? {} : { types: typesOf(type) }),
    ...(runId === undefined ? {} : { runId }),
    ...(service === undefined ? {} : { service }),
    ...accessOf(caller),
  };
  // A browser that connects again repeats its URL; where it is, the header says.
  const header = headers['last-event-id'];
  return { principal: caller.principal, filter, after: idOf(header?.toString() ?? lastEventId) };
}

function typesOf(given: readonly string[]): ReadonlySet<EventType> {
  const names = given.flatMap((text) => text.split(','));
  return new Set(
    names.flatMap((name) => {
      const meant = EVENT_TYPES.filter((type) => type === name || type.startsWith(`${name}.`));
      if (meant.length > 0) return meant;
      throw new AppError('invalid_input', `There are no events of type \`${name.slice(0, 100)}\`.`, {
        hint: `Types: ${EVENT_TYPES.join(', ')}.`,
      });
    }),
  );
}

function idOf(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  if (/^\d+$/.test(text) && text.length <= MAX_ID_DIGITS) return Number(text);
  throw new AppError('invalid_input', `\`${text.slice(0, 100)}\` is no id of an event.`, {
    hint: 'Send the last id of the stream as it was, or none.',
  });
}

const ticking: Ticker = (intervalMs, tick) => {
  const timer = setInterval(tick, intervalMs);
  timer.unref();
  return () => clearInterval(timer);
};
