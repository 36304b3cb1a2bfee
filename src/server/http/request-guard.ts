import { createHash, timingSafeEqual } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';
import { localhostAllowedHostnames, validateHostHeader, validateOriginHeader } from '@modelcontextprotocol/server';
import type { FastifyInstance } from 'fastify';
import { AppError } from '../../core/errors.ts';
import { sendProblem } from './problem.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answers without a token: nothing behind it may tell or change anything of value. */
    isPublic?: boolean;
  }
}

const BEARER = /^Bearer +(\S+)$/i;

export interface GuardOptions {
  readonly host: string;
  /** Further host names by which the server is reached; needed as soon as it listens beyond this machine. */
  readonly allowedHosts: readonly string[];
  readonly token: string;
}

/**
 * Two gates before any body is read, on every route and on what has no route: Host and Origin must name this server
 * (a web page elsewhere could otherwise reach it by rebinding its own name), and the bearer token must be the one of
 * the data folder.
 */
export function guardRequests(app: FastifyInstance, options: GuardOptions): void {
  const names = [...localhostAllowedHostnames(), bracketed(options.host), ...options.allowedHosts.map(bracketed)];
  const expected = digest(options.token);
  app.addHook('onRequest', async (request, reply) => {
    const host = validateHostHeader(request.headers.host, names);
    const origin = host.ok ? validateOriginHeader(request.headers.origin, names) : host;
    if (origin.ok) return;
    const hint = 'Reach the server by a name in http.allowedHosts, or by localhost.';
    await sendProblem(reply, new AppError('permission_denied', `${origin.message}.`, { hint }));
  });
  app.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.config.isPublic === true) return;
    const given = BEARER.exec(request.headers.authorization ?? '')?.[1];
    if (given !== undefined && timingSafeEqual(digest(given), expected)) return;
    const [challenge, message] =
      given === undefined
        ? ['Bearer realm="lightdom"', 'This needs a bearer token.']
        : ['Bearer realm="lightdom", error="invalid_token"', 'The bearer token is not valid here.'];
    const hint = 'Send the text of the file `token` in the data folder as `Authorization: Bearer …`.';
    await sendProblem(
      reply.header('www-authenticate', challenge),
      new AppError('permission_denied', message, { hint }),
      401,
    );
  });
}

interface BoundTo {
  readonly host: string;
  readonly allowedHosts?: readonly string[];
  readonly key?: string;
}

/** Throws `not_configured` for an address that other machines can reach while nobody said under which names. */
export function assertBindAllowed({ host, allowedHosts = [], key = 'http' }: BoundTo): void {
  if (isLoopback(host) || allowedHosts.length > 0) return;
  throw new AppError('not_configured', `${key}.host is ${host}, which other machines can reach.`, {
    hint: 'Name the hosts by which it is reached in http.allowedHosts, or listen on 127.0.0.1.',
  });
}

/** A host as it stands in a URL. */
export function bracketed(host: string): string {
  return isIPv6(host) ? `[${host}]` : host;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

/** Equal lengths, as the constant-time comparison wants them. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
