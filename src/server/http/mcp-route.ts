import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { toNodeHandler, toWebRequest } from '@modelcontextprotocol/node';
import type { NodeIncomingMessageLike } from '@modelcontextprotocol/node';
import { createMcpHandler, isLegacyRequest, PARSE_ERROR } from '@modelcontextprotocol/server';
import type { Server } from '@modelcontextprotocol/server';
import type { FastifyInstance } from 'fastify';
import type { Log } from '../../core/log.ts';
import { LegacySessions } from './legacy-sessions.ts';
import type { SessionLimits } from './legacy-sessions.ts';

export interface McpRouteOptions {
  readonly build: () => Server;
  readonly log: Log;
  readonly sessionLimits: SessionLimits;
  /** Throws an AppError for a request whose headers ask for what can't be. */
  readonly checkHeaders: (headers: IncomingHttpHeaders) => void;
}

/**
 * `/mcp` in both protocol eras: stateless requests of 2026-07-28 get a server of their own, older clients a session.
 * The answers are written past fastify, which neither streams nor knows the protocol's framing.
 */
export async function mcpRoute(app: FastifyInstance, options: McpRouteOptions): Promise<void> {
  const { build, log, sessionLimits: limits, checkHeaders } = options;
  const reportError = (error: Error): void => log.debug({ err: error }, 'MCP request reported an error');
  const modern = createMcpHandler(build, { legacy: 'reject', onerror: reportError });
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
    scope.route({
      method: ['GET', 'POST', 'DELETE'],
      url: '/mcp',
      handler: async (request, reply) => {
        const body = request.method === 'POST' ? parseJson(request.body) : { value: undefined };
        if (body === undefined) return reply.code(400).send(PARSE_FAILURE);
        const { raw } = request;
        checkHeaders(raw.headers);
        if (!(await isLegacy(raw, body.value))) {
          return hijacked(reply, log, (response) => answerModern(requestView(raw), response, body.value));
        }
        const session = await sessions.open(raw, body.value);
        return hijacked(reply, log, (response) =>
          sessions.serve(session, { request: raw, response, body: body.value }),
        );
      },
    });
    done();
  });
}

const PARSE_FAILURE = { jsonrpc: '2.0', id: null, error: { code: PARSE_ERROR, message: 'The body is not JSON.' } };

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
function requestView(request: IncomingMessage): NodeIncomingMessageLike {
  const { method = 'GET', url = '/', headers } = request;
  return { method, url, headers, [Symbol.asyncIterator]: () => request[Symbol.asyncIterator]() };
}

function parseJson(text: unknown): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(String(text)) };
  } catch {
    return undefined;
  }
}
