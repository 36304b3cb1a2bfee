import { timingSafeEqual } from 'node:crypto';
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
  const hostProblem = hostCheck(names);
  const admit = corsAdmission(options.corsOrigins);
  app.decorateRequest('identity');
  // What waits for nothing is a callback: a promise for each request costs more than what these do.
  app.addHook('onRequest', (request, reply, done) => {
    const problem = hostProblem(request.headers.host);
    const cors = problem === undefined ? admit(request, reply) : 'none';
    if (cors === 'answered') return;
    if (cors === 'admitted') return done();
    const wrong = problem ?? problemOf(validateOriginHeader(request.headers.origin, names));
    if (wrong === undefined) return done();
    const hint = 'Reach the server by a name in http.allowedHosts, or by localhost.';
    void sendProblem(reply, new AppError('permission_denied', `${wrong}.`, { hint }));
  });
  demandToken(app, options);
  app.addHook('onRequest', (request, reply, done) => {
    if (!hasTokenInQuery(request.url)) return done();
    // It is in the logs of every proxy by now, whatever it is.
    const error = new AppError('invalid_input', 'A token must not be in the URL.', {
      hint: 'Send it as `Authorization: Bearer …`, and have the one that was in the URL replaced.',
    });
    void sendProblem(
      reply.header('www-authenticate', challengeText(options.oauth, { error: 'invalid_request' })),
      error,
    );
  });
}

function demandToken(app: FastifyInstance, options: GuardOptions): void {
  const isOwn = ownTokenCheck(options.token);
  const judge = issuerJudge(options.oauth);
  app.addHook('onRequest', (request, _reply, done) => {
    const given = BEARER.exec(request.headers.authorization ?? '')?.[1];
    if (request.routeOptions.config.isPublic !== true && given !== undefined && isOwn(given)) {
      request.identity = LOCAL_IDENTITY;
    }
    done();
  });
  app.addHook('onRequest', async (request, reply) => {
    if (request.identity !== undefined || request.routeOptions.config.isPublic === true) return;
    const given = BEARER.exec(request.headers.authorization ?? '')?.[1];
    const verdict = given === undefined ? undefined : await judge(given);
    if (verdict?.kind !== 'valid') return refuseToken(reply, options.oauth, verdict);
    request.identity = verdict.identity;
    return requireScopes(request, reply, options.oauth);
  });
}

/** What is wrong with a `Host`; undefined for one that names this server. The one that came last is known already. */
function hostCheck(names: string[]): (given: string | undefined) => string | undefined {
  let known: string | undefined;
  return (given) => {
    if (given !== undefined && given === known) return undefined;
    const problem = problemOf(validateHostHeader(given, names));
    if (problem === undefined) known = given;
    return problem;
  };
}

type Verdict = { readonly ok: true } | { readonly ok: false; readonly message: string };

function problemOf(verdict: Verdict): string | undefined {
  return verdict.ok ? undefined : verdict.message;
}

/** Compares in constant time. How long the token is, is no secret: those of all data folders are alike. */
function ownTokenCheck(token: string): (given: string) => boolean {
  const expected = Buffer.from(token);
  return (given) => {
    const bytes = Buffer.from(given);
    return bytes.length === expected.length && timingSafeEqual(bytes, expected);
  };
}

function issuerJudge(oauth: OauthConfig | undefined): (given: string) => Promise<TokenVerdict> {
  const verify = oauth === undefined ? undefined : createTokenVerifier(oauth);
  return async (given) => (verify === undefined ? { kind: 'invalid', why: '' } : verify(given));
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
