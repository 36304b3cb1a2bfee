import { EVENT_TYPES } from '../../../events/index.ts';
import { READ_SCOPE } from '../../mcp/scope-policy.ts';
import { PROBLEM_TYPE } from '../problem.ts';

const TAG = 'Monitoring';
/** For the list of tags. */
export const PLAIN_TAG = { name: TAG, description: 'How it is, for whoever watches: health, numbers, events.' };

interface PlainAnswer {
  readonly description: string;
  readonly type?: string;
  readonly schema: Readonly<Record<string, unknown>>;
}

interface PlainRoute {
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  /** What a token must grant; none: anybody may ask. */
  readonly scope: string | undefined;
  /** Fields of the query, with what they mean. */
  readonly query?: Readonly<Record<string, string>>;
  readonly answers: Readonly<Record<string, PlainAnswer>>;
}

const text = { type: 'string', description: 'The text.' };

function health(field: string, reason: string): PlainAnswer {
  const properties = {
    [field]: { type: 'boolean', description: 'Whether it is so.' },
    reason: { type: 'string', description: 'Why, in a few words.' },
  };
  return {
    description: reason,
    schema: { type: 'object', description: reason, properties, required: [field, 'reason'] },
  };
}

/** The routes that are neither tools nor JSON of the table, written by hand elsewhere in `http`: all are GET. */
export const PLAIN_ROUTES: readonly PlainRoute[] = [
  {
    path: '/api/events',
    operationId: 'followEvents',
    summary: 'Follow what happens',
    description:
      'A stream of server-sent events, each with an id, a type and JSON. `Last-Event-ID` goes on after an event. Events `service.log` are sent to who asks for them by type alone.',
    scope: READ_SCOPE,
    query: {
      type: `Types, with commas; \`run\` stands for all of \`run.…\`: ${EVENT_TYPES.join(', ')}.`,
      runId: 'Only events of this run.',
      service: 'Only events of this service.',
      lastEventId: 'Goes on after this event, as the header Last-Event-ID does.',
    },
    answers: { 200: { description: 'The stream.', type: 'text/event-stream', schema: text } },
  },
  {
    path: '/metrics',
    operationId: 'getMetrics',
    summary: 'Get the numbers for Prometheus',
    description: 'The text format of Prometheus.',
    scope: READ_SCOPE,
    answers: { 200: { description: 'The numbers.', type: 'text/plain', schema: text } },
  },
  {
    path: '/livez',
    operationId: 'isAlive',
    summary: 'Ask whether the process answers',
    description: 'It looks at nothing behind it.',
    scope: undefined,
    answers: {
      200: {
        description: 'It answers.',
        schema: {
          type: 'object',
          description: 'It answers.',
          properties: { alive: { type: 'boolean', description: 'Always true.' } },
          required: ['alive'],
        },
      },
    },
  },
  {
    path: '/readyz',
    operationId: 'isReady',
    summary: 'Ask whether all critical services are up now',
    description: 'With the reason while it is not so.',
    scope: undefined,
    answers: { 200: health('ready', 'All are.'), 503: health('ready', 'Not all are.') },
  },
  {
    path: '/startupz',
    operationId: 'isStarted',
    summary: 'Ask whether the first start has been finished',
    description: 'It stays so.',
    scope: undefined,
    answers: { 200: health('started', 'It has.'), 503: health('started', 'It has not.') },
  },
];

/** As the description has them, by path. */
export function describedPlainRoutes(): Readonly<Record<string, { readonly get: unknown }>> {
  return Object.fromEntries(PLAIN_ROUTES.map((route) => [route.path, { get: described(route) }]));
}

function described({ operationId, summary, description, scope, query = {}, answers }: PlainRoute) {
  const parameters = Object.entries(query).map(([name, about]) => {
    return { name, in: 'query', required: false, description: about, schema: { type: 'string', description: about } };
  });
  const refused = scope === undefined ? [] : ['400', '401', '403', '429'];
  const responses = Object.entries(answers).map(
    ([status, { description: about, type = 'application/json', schema }]) =>
      [status, { description: about, content: { [type]: { schema } } }] as const,
  );
  return {
    operationId,
    tags: [TAG],
    summary,
    description,
    security: scope === undefined ? [] : [{ token: [scope] }],
    parameters,
    responses: {
      ...Object.fromEntries(responses),
      ...Object.fromEntries(refused.map((status) => [status, { $ref: `#/components/responses/problem${status}` }])),
      default: {
        description: 'A failure.',
        content: { [PROBLEM_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}
