import { createHash, timingSafeEqual } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { localhostAllowedHostnames, validateHostHeader, validateOriginHeader } from '@modelcontextprotocol/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../core/errors.ts';
import { isLoopback } from '../../core/loopback.ts';
import { LOCAL_IDENTITY } from '../mcp/call-identity.ts';
import type { Identity } from '../mcp/call-identity.ts';
import { createTokenVerifier } from './access-token.ts';
import type { OauthConfig, TokenVerdict } from './access-token.ts';
import { challengeText, sendStepUp } from './bearer-challenge.ts';
import { sendProblem } from './problem.ts';
import { corsAdmission } from './rest/cors-admission.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answers without a token: what is behind it tells and changes nothing of value, or has a key of its own. */
    isPublic?: boolean;
  }
  interface FastifyRequest {
    /** Whose request it is; undefined on public routes. */
    identity: Identity | undefined;
  }
}

const BEARER = /^Bearer +(\S+)$/i;

export interface GuardOptions {
  readonly host: string;
  /** Further host names by which the server is reached; needed as soon as it listens beyond this machine. */
  readonly allowedHosts: readonly string[];
  /** Origins of whose pages browsers may use what is below `/api/`. */
  readonly corsOrigins: readonly string[];
  /** Of this machine's own callers. */
  readonly token: string;
  /** Whose access tokens are taken beside it. */
  readonly oauth: OauthConfig | undefined;
}

/**
 * Two gates before any body is read, on every route and on what has no route: Host and Origin must name this server
 * (a web page elsewhere could otherwise reach it by rebinding its own name), and there must be a bearer token, in the
 * header alone: the one of the data folder, or one of the configured issuer for this server.
 */
export function guardRequests(app: FastifyInstance, options: GuardOptions): void {
  const names = [...localhostAllowedHostnames(), bracketed(options.host), ...options.allowedHosts.map(bracketed)];
  const judge = tokenJudge(options);
  const admit = corsAdmission(options.corsOrigins);
  app.decorateRequest('identity');
  app.addHook('onRequest', async (request, reply) => {
    const host = validateHostHeader(request.headers.host, names);
    const cors = host.ok ? admit(request, reply) : 'none';
    if (cors === 'answered') return reply;
    if (cors === 'admitted') return;
    const origin = host.ok ? validateOriginHeader(request.headers.origin, names) : host;
    if (origin.ok) return;
    const hint = 'Reach the server by a name in http.allowedHosts, or by localhost.';
    await sendProblem(reply, new AppError('permission_denied', `${origin.message}.`, { hint }));
  });
  app.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.config.isPublic === true) return;
    const given = BEARER.exec(request.headers.authorization ?? '')?.[1];
    const verdict = given === undefined ? undefined : await judge(given);
    if (verdict?.kind !== 'valid') return refuseToken(reply, options.oauth, verdict);
    request.identity = verdict.identity;
    return requireScopes(request, reply, options.oauth);
  });
  app.addHook('onRequest', async (request, reply) => {
    if (!hasTokenInQuery(request.url)) return;
    // It is in the logs of every proxy by now, whatever it is.
    const error = new AppError('invalid_input', 'A token must not be in the URL.', {
      hint: 'Send it as `Authorization: Bearer …`, and have the one that was in the URL replaced.',
    });
    await sendProblem(
      reply.header('www-authenticate', challengeText(options.oauth, { error: 'invalid_request' })),
      error,
    );
  });
}

function tokenJudge({ token, oauth }: GuardOptions): (given: string) => Promise<TokenVerdict> {
  const expected = digest(token);
  const verify = oauth === undefined ? undefined : createTokenVerifier(oauth);
  return async (given) => {
    if (timingSafeEqual(digest(given), expected)) return { kind: 'valid', identity: LOCAL_IDENTITY };
    return verify === undefined ? { kind: 'invalid', why: '' } : verify(given);
  };
}

async function refuseToken(reply: FastifyReply, oauth: OauthConfig | undefined, verdict: TokenVerdict | undefined) {
  const scopes = oauth?.requiredScopes ?? [];
  const challenge = challengeText(oauth, verdict === undefined ? { scopes } : { error: 'invalid_token', scopes });
  const why = verdict?.kind === 'invalid' && verdict.why !== '' ? ` ${verdict.why}` : '';
  const message = verdict === undefined ? 'This needs a bearer token.' : `The bearer token is not valid here.${why}`;
  const own = 'Send the text of the file `token` in the data folder as `Authorization: Bearer …`.';
  const hint = oauth === undefined ? own : `Get a token for ${oauth.audience} of ${oauth.issuer}.`;
  await sendProblem(
    reply.header('www-authenticate', challenge),
    new AppError('permission_denied', message, { hint }),
    401,
  );
}

async function requireScopes({ identity }: FastifyRequest, reply: FastifyReply, oauth: OauthConfig | undefined) {
  const granted = identity?.scopes ?? [];
  const missing = oauth?.requiredScopes.find((scope) => !granted.includes(scope));
  if (missing !== undefined) await sendStepUp(reply, oauth, { missing, granted });
}

function hasTokenInQuery(url: string): boolean {
  const start = url.indexOf('?');
  return start >= 0 && new URLSearchParams(url.slice(start)).has('access_token');
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

/** Equal lengths, as the constant-time comparison wants them. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
