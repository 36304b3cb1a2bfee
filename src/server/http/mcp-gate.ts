import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Scope } from '../../core/access.ts';
import { AppError } from '../../core/errors.ts';
import type { AuditLog } from '../mcp/audit-log.ts';
import type { ScopePolicy } from '../mcp/scope-policy.ts';
import type { OauthConfig } from './access-token.ts';
import { sendStepUp } from './bearer-challenge.ts';
import { sendProblem } from './problem.ts';
import type { RequestQuota } from './request-quota.ts';

export interface McpGateDeps {
  readonly quota: RequestQuota;
  readonly scopes: ScopePolicy;
  readonly oauth: OauthConfig | undefined;
  readonly audit: AuditLog | undefined;
}

/** A stream of notifications may last for hours; how many there are is limited elsewhere. */
const LASTING_METHOD = 'subscriptions/listen';

export interface NamedLack {
  readonly missing: Scope;
  /** What it was asked for, as the record has it. */
  readonly name: string;
}

/** What a known caller may ask of `/mcp` and of REST at all: how often, how much at a time, and with which scopes. */
export class McpGate {
  readonly #deps: McpGateDeps;

  constructor(deps: McpGateDeps) {
    this.#deps = deps;
  }

  /** Before the body is read. True when the request was answered with 429. */
  async isTooOften(request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
    const waitS = this.#deps.quota.take(principalOf(request));
    if (waitS === 0) return false;
    await refuse(reply, {
      message: 'You send requests faster than this server takes them.',
      key: 'http.rateLimit.perMinute',
      waitS,
    });
    return true;
  }

  /** Once the body is known. False when the request was answered here; else it holds a place until its answer ends. */
  async admit(request: FastifyRequest, reply: FastifyReply, body: unknown): Promise<boolean> {
    if (await this.isBeyondScopes(request, reply, body)) return false;
    if (request.method !== 'POST' || methodOf(body) === LASTING_METHOD) return true;
    const leave = await this.hold(request, reply);
    if (leave !== undefined) reply.raw.once('close', leave);
    return leave !== undefined;
  }

  /** Takes a place among the requests at work: give it back by what is returned. Undefined when it was answered with 429. */
  async hold(request: FastifyRequest, reply: FastifyReply): Promise<(() => void) | undefined> {
    const leave = this.#deps.quota.enter(principalOf(request));
    if (leave !== undefined) return leave;
    const message = 'All the requests that you may have at work at a time are at work.';
    await refuse(reply, { message, key: 'http.maxConcurrent', waitS: 1 });
    return undefined;
  }

  /** The call itself would be refused as well; here a client still learns it as a challenge that it can act on. */
  async isBeyondScopes(request: FastifyRequest, reply: FastifyReply, body: unknown): Promise<boolean> {
    const missing = this.#deps.scopes.lackOf(body, request.identity?.scopes ?? []);
    if (missing === undefined) return false;
    await this.stepUp(request, reply, { missing, name: methodOf(body) ?? 'batch' });
    return true;
  }

  /** Refuses a request with 403 and what its token would have to grant, and records it. */
  async stepUp(request: FastifyRequest, reply: FastifyReply, lack: NamedLack): Promise<void> {
    const { oauth, audit } = this.#deps;
    const { missing, name } = lack;
    audit?.record({
      caller: { principal: principalOf(request), client: undefined },
      origin: { transport: 'http' },
      kind: 'request',
      name,
      input: undefined,
      deniedBy: `scope ${missing}`,
      durationMs: 0,
      outcome: 'permission_denied',
    });
    await sendStepUp(reply, oauth, { missing, granted: request.identity?.scopes ?? [] });
  }
}

function principalOf({ identity }: FastifyRequest): string {
  return identity?.principal ?? '';
}

function methodOf(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('method' in body)) return undefined;
  return typeof body.method === 'string' ? body.method : undefined;
}

interface Refusal {
  readonly message: string;
  /** The configuration key that sets the limit. */
  readonly key: string;
  readonly waitS: number;
}

async function refuse(reply: FastifyReply, { message, key, waitS }: Refusal): Promise<void> {
  const hint = `Wait ${waitS} s; the operator sets the limit as ${key}.`;
  await sendProblem(reply.header('retry-after', String(waitS)), new AppError('limit_reached', message, { hint }));
}
