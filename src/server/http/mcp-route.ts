import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { toNodeHandler, toWebRequest } from '@modelcontextprotocol/node';
import type { NodeIncomingMessageLike } from '@modelcontextprotocol/node';
import { createMcpHandler, INVALID_REQUEST, isLegacyRequest, PARSE_ERROR } from '@modelcontextprotocol/server';
import type { AuthInfo, Server } from '@modelcontextprotocol/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../../core/log.ts';
import { isDeeperThan } from '../mcp/argument-limits.ts';
import { authInfoOf } from '../mcp/call-identity.ts';
import type { Identity } from '../mcp/call-identity.ts';
import type { Subscriptions } from '../mcp/subscriptions.ts';
import type { WatchPermission } from '../mcp/watch-permission.ts';
import { LegacySessions } from './legacy-sessions.ts';
import { paramHeaderProblem } from './param-headers.ts';
import type { ParamHeaders } from './param-headers.ts';
import type { SessionLimits } from './legacy-sessions.ts';
import { ListenStreams } from './listen-streams.ts';
import type { McpGate } from './mcp-gate.ts';

export interface McpRouteOptions {
  readonly build: () => Server;
  readonly paramHeaders: ParamHeaders;
  readonly subscriptions: Subscriptions;
  readonly permit: WatchPermission;
  readonly log: Log;
  readonly sessionLimits: SessionLimits;
  /** Throws an AppError for a request whose headers ask for what can't be. */
  readonly checkHeaders: (headers: IncomingHttpHeaders) => void;
  readonly gate: McpGate;
}

/**
 * `/mcp` in both protocol eras: stateless requests of 2026-07-28 get a server of their own, older clients a session.
 * The answers are written past fastify, which neither streams nor knows the protocol's framing.
 */
export async function mcpRoute(app: FastifyInstance, options: McpRouteOptions): Promise<void> {
  const endpoint = new McpEndpoint(options);
  app.addHook('preClose', () => endpoint.close());
  await app.register((scope, _options, done) => {
    // A body that is no JSON is the protocol's to answer, so it arrives here as text.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, parsed) =>
      parsed(null, text),
    );
    scope.addHook('onRequest', async (request, reply) => {
      if (await options.gate.isTooOften(request, reply)) return reply;
    });
    scope.route({
      method: ['GET', 'POST', 'DELETE'],
      url: '/mcp',
      handler: (request, reply) => endpoint.answer(request, reply),
    });
    done();
  });
}

class McpEndpoint {
  readonly #options: McpRouteOptions;
  readonly #streams: ListenStreams;
  readonly #modern: ReturnType<typeof createMcpHandler>;
  readonly #answerModern: ReturnType<typeof toNodeHandler>;
  readonly #sessions: LegacySessions;

  constructor(options: McpRouteOptions) {
    const { build, log, subscriptions, permit, sessionLimits: limits } = options;
    const onerror = (error: Error): void => log.debug({ err: error }, 'MCP request reported an error');
    this.#options = options;
    this.#streams = new ListenStreams(subscriptions, permit);
    this.#modern = createMcpHandler(build, { legacy: 'reject', bus: this.#streams.bus, onerror });
    this.#answerModern = toNodeHandler(this.#modern, { onerror });
    this.#sessions = new LegacySessions({ build, log, limits });
  }

  async answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
    const body = request.method === 'POST' ? parseJson(request.body) : { value: undefined };
    if (body === undefined) return reply.code(400).send(PARSE_FAILURE);
    if (isDeeperThan(body.value, MAX_BODY_DEPTH)) return reply.code(400).send(DEPTH_FAILURE);
    if (!(await this.#options.gate.admit(request, reply, body.value))) return reply;
    this.#options.checkHeaders(request.raw.headers);
    const isOld = await isLegacy(request.raw, body.value);
    return isOld ? this.#inSession(request, reply, body.value) : this.#alone(request, reply, body.value);
  }

  async close(): Promise<void> {
    await Promise.all([this.#sessions.close(), this.#modern.close()]);
  }

  /** A request that stands for itself. */
  async #alone(
    { raw, identity }: FastifyRequest,
    reply: FastifyReply,
    body: unknown,
  ): Promise<FastifyReply | undefined> {
    const problem = paramHeaderProblem(this.#options.paramHeaders, raw.headers, body);
    if (problem !== undefined) return reply.code(400).send(problem);
    const stream = await this.#streams.open(body, identity);
    if (stream !== undefined && 'problem' in stream) return reply.code(200).send(stream.problem);
    if (stream !== undefined) whenClosed(reply.raw, stream.end);
    await hijacked(reply, this.#options.log, (response) =>
      this.#answerModern(requestView(raw, identity), response, stream?.request ?? body),
    );
    return undefined;
  }

  async #inSession({ raw, identity }: FastifyRequest, reply: FastifyReply, body: unknown): Promise<undefined> {
    const session = await this.#sessions.open(raw, body, identity?.principal ?? '');
    const request = Object.assign(raw, authOf(identity));
    await hijacked(reply, this.#options.log, (response) => this.#sessions.serve(session, { request, response, body }));
  }
}

/** A message is four levels around its arguments, which may have sixteen. */
const MAX_BODY_DEPTH = 32;
const DEPTH_FAILURE = {
  jsonrpc: '2.0',
  id: null,
  error: { code: INVALID_REQUEST, message: `The body nests more than ${MAX_BODY_DEPTH} levels.` },
};
const PARSE_FAILURE = { jsonrpc: '2.0', id: null, error: { code: PARSE_ERROR, message: 'The body is not JSON.' } };

/** Also for a client that has gone already. */
function whenClosed(response: ServerResponse, work: () => void): void {
  if (response.closed) work();
  else response.once('close', work);
}

interface Hijackable {
  readonly raw: ServerResponse;
  hijack(): unknown;
}

async function hijacked(reply: Hijackable, log: Log, answer: (response: ServerResponse) => Promise<void>) {
  reply.hijack();
  try {
    await answer(reply.raw);
  } catch (error) {
    log.error({ err: error }, 'an MCP request broke off');
    reply.raw.destroy();
  }
}

async function isLegacy(request: IncomingMessage, body: unknown): Promise<boolean> {
  return request.method !== 'POST' || isLegacyRequest(await toWebRequest(requestView(request), body), body);
}

/** What the adapter reads of a request; Node's type says `undefined` where the adapter's says `absent`. */
function requestView(request: IncomingMessage, identity?: Identity): NodeIncomingMessageLike {
  const { method = 'GET', url = '/', headers } = request;
  return { method, url, headers, ...authOf(identity), [Symbol.asyncIterator]: () => request[Symbol.asyncIterator]() };
}

/** Where the library looks for who sent the request. */
function authOf(identity: Identity | undefined): { auth?: AuthInfo } {
  return identity === undefined ? {} : { auth: authInfoOf(identity) };
}

function parseJson(text: unknown): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(String(text)) };
  } catch {
    return undefined;
  }
}
