import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { toNodeHandler, toWebRequest } from '@modelcontextprotocol/node';
import type { NodeIncomingMessageLike } from '@modelcontextprotocol/node';
import { createMcpHandler, INVALID_REQUEST, isLegacyRequest, PARSE_ERROR } from '@modelcontextprotocol/server';
import type { AuthInfo, Server } from '@modelcontextprotocol/server';
import type { FastifyInstance } from 'fastify';
import type { Log } from '../../core/log.ts';
import { isDeeperThan } from '../mcp/argument-limits.ts';
import { authInfoOf } from '../mcp/call-identity.ts';
import type { Identity } from '../mcp/call-identity.ts';
import type { Subscriptions } from '../mcp/subscriptions.ts';
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
  const { build, log, gate, paramHeaders, checkHeaders, subscriptions, sessionLimits: limits } = options;
  const reportError = (error: Error): void => log.debug({ err: error }, 'MCP request reported an error');
  const streams = new ListenStreams(subscriptions);
  const modern = createMcpHandler(build, { legacy: 'reject', bus: streams.bus, onerror: reportError });
  const answerModern = toNodeHandler(modern, { onerror: reportError });
  const sessions = new LegacySessions({ build, log, limits });
  app.addHook('preClose', async () => {
    await Promise.all([sessions.close(), modern.close()]);
  });
  await app.register((scope, _options, done) => {
    // A body that is no JSON is the protocol's to answer, so it arrives here as text.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, parsed) =>
      parsed(null, text),
    );
    scope.addHook('onRequest', async (request, reply) => {
      if (await gate.isTooOften(request, reply)) return reply;
    });
    scope.route({
      method: ['GET', 'POST', 'DELETE'],
      url: '/mcp',
      handler: async (request, reply) => {
        const body = request.method === 'POST' ? parseJson(request.body) : { value: undefined };
        if (body === undefined) return reply.code(400).send(PARSE_FAILURE);
        if (isDeeperThan(body.value, MAX_BODY_DEPTH)) return reply.code(400).send(DEPTH_FAILURE);
        if (!(await gate.admit(request, reply, body.value))) return reply;
        const { raw, identity } = request;
        checkHeaders(raw.headers);
        if (!(await isLegacy(raw, body.value))) {
          const problem = paramHeaderProblem(paramHeaders, raw.headers, body.value);
          if (problem !== undefined) return reply.code(400).send(problem);
          const stream = streams.open(body.value);
          if (stream !== undefined && 'problem' in stream) return reply.code(200).send(stream.problem);
          if (stream !== undefined) whenClosed(reply.raw, stream.end);
          return hijacked(reply, log, (response) => answerModern(requestView(raw, identity), response, body.value));
        }
        const session = await sessions.open(raw, body.value, identity?.principal ?? '');
        const authorized = Object.assign(raw, authOf(identity));
        return hijacked(reply, log, (response) =>
          sessions.serve(session, { request: authorized, response, body: body.value }),
        );
      },
    });
    done();
  });
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
