import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AppError } from '../../../core/errors.ts';
import type { Catalog } from '../../../surface/index.ts';
import { demandOf } from '../../dispatch/request-policy.ts';
import { checkInput } from '../../mcp/input-problem.ts';
import { ToolAccess } from '../../dispatch/tool-access.ts';
import { tightenPolicy } from '../../dispatch/tool-policy.ts';
import type { ToolPolicy } from '../../dispatch/tool-policy.ts';
import type { ScopePolicy } from '../../mcp/scope-policy.ts';
import type { SurfaceListing } from '../../mcp/surface-listing.ts';
import type { McpGate } from '../mcp-gate.ts';
import { sendProblem } from '../problem.ts';
import { answerOnce, keyedRequestOf, OtherRequest, REPLAYED_HEADER } from './answer-once.ts';
import { callTool } from './rest-call.ts';
import type { RestCallDeps } from './rest-call.ts';
import { inputOf } from './rest-input.ts';
import { pathVariables } from './rest-operation.ts';
import type { KeptAnswer, OwnContext, OwnRoute, RestOperation, RestSystem, ToolRoute } from './rest-operation.ts';

export interface RestEndpointDeps extends RestCallDeps {
  readonly system: RestSystem;
  readonly catalog: Catalog;
  readonly listing: SurfaceListing;
  readonly policy: ToolPolicy;
  readonly scopes: ScopePolicy;
  readonly gate: McpGate;
  readonly document: OwnContext['document'];
}

/** A request on its way to an answer. */
interface Asked {
  readonly operation: RestOperation;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly access: ToolAccess;
}

const NO_FIELDS = z.strictObject({});
const NOTHING = { variables: [], properties: {} };
const JSON_TYPE = 'application/json; charset=utf-8';

/** Answers operations: first the gates that MCP has, then once for each key, then the tool or the route itself. */
export class RestEndpoint {
  readonly #deps: RestEndpointDeps;
  readonly #access: ToolAccess;
  readonly #texts = new WeakMap<Readonly<Record<string, unknown>>, string>();

  constructor(deps: RestEndpointDeps) {
    this.#deps = deps;
    this.#access = new ToolAccess(deps.listing, deps.policy);
  }

  async answer(operation: RestOperation, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const asked = { operation, request, reply, access: this.#accessOf(request) };
    const { answer: route } = operation;
    const work = route.kind === 'tool' ? await this.#toolWork(asked, route) : await this.#ownWork(asked, route);
    if (work === undefined) return reply;
    const leave = await this.#deps.gate.hold(request, reply);
    if (leave === undefined) return reply;
    try {
      return await this.#answerWith(asked, work);
    } finally {
      leave();
    }
  }

  async #answerWith({ request, reply }: Asked, work: Work): Promise<FastifyReply> {
    const keyed = keyedRequestOf(request);
    if (keyed === undefined) return send(reply, await work(() => untilGone(reply)));
    const { system, log } = this.#deps;
    try {
      // Who sends a key wants it done: it goes on when they are gone, and the answer waits for them.
      const answer = await answerOnce({ answers: system.answers, log }, keyed, () =>
        work(() => new AbortController().signal),
      );
      return send(answer.isReplayed ? reply.header(REPLAYED_HEADER, 'true') : reply, answer);
    } catch (error) {
      if (error instanceof OtherRequest) return sendProblem(reply, error, 422);
      throw error;
    }
  }

  /** Undefined when the request was answered with a refusal. */
  async #toolWork({ operation, request, reply, access }: Asked, route: ToolRoute): Promise<Work | undefined> {
    const { tool } = route;
    if (route.subsystem !== undefined && !access.has(tool)) throw notBuilt(operation, route.subsystem);
    const { properties = {} } = this.#deps.listing.toolsByName.get(tool)?.shown().inputSchema ?? {};
    const input = inputOf(request, { variables: pathVariables(operation.path), properties });
    const message = { method: 'tools/call', params: { name: tool, arguments: input } };
    if (await this.#deps.gate.isBeyondScopes(request, reply, message)) return undefined;
    return async (signal) => {
      const answer = await callTool(this.#deps, { access, request, signal: signal(), tool, input });
      return { status: 200, type: JSON_TYPE, body: JSON.stringify(answer) };
    };
  }

  async #ownWork({ operation, request, reply, access }: Asked, route: OwnRoute): Promise<Work | undefined> {
    const { gate, system, scopes, document } = this.#deps;
    const name = `${operation.method} ${operation.path}`;
    const isGranted = request.identity?.scopes.includes(route.scope) === true;
    if (!isGranted) {
      await gate.stepUp(request, reply, { missing: route.scope, name });
      return undefined;
    }
    const denial = access.denialOf({ name: route.like ?? operation.operationId, effect: route.effect });
    if (denial !== undefined || route.effect !== 'read') this.#record(request, name, denial);
    if (denial !== undefined) throw denial;
    if (saysSomething(request)) checkInput({ name, schema: NO_FIELDS }, inputOf(request, NOTHING));
    return () => {
      const afterAnswer = (after: () => void): void => void reply.raw.once('close', after);
      const scopeOf = (tool: string) => scopes.ofTool(tool);
      const answer = route.answer({ system, access, request, document, scopeOf, afterAnswer });
      return Promise.resolve({ status: route.status, type: JSON_TYPE, body: this.#written(answer) });
    };
  }

  /** What answers is never changed: one that comes again, as the status within a moment does, is written once. */
  #written(answer: Readonly<Record<string, unknown>>): string {
    const before = this.#texts.get(answer);
    if (before !== undefined) return before;
    const text = JSON.stringify(answer);
    this.#texts.set(answer, text);
    return text;
  }

  #accessOf({ headers }: FastifyRequest): ToolAccess {
    const { policy, catalog, listing } = this.#deps;
    const demand = demandOf((name) => headers[name.toLowerCase()]?.toString());
    return demand === undefined ? this.#access : new ToolAccess(listing, tightenPolicy(policy, catalog, demand));
  }

  /** What acts without being a tool leaves a record of its own. */
  #record({ identity }: FastifyRequest, name: string, denial: AppError | undefined): void {
    const deniedBy = denial?.details['deniedBy'];
    this.#deps.audit?.record({
      caller: { principal: identity?.principal ?? '', client: undefined },
      origin: { transport: 'http' },
      kind: 'request',
      name,
      input: undefined,
      deniedBy: typeof deniedBy === 'string' ? deniedBy : undefined,
      durationMs: 0,
      outcome: denial?.code ?? 'ok',
    });
  }
}

/** Whoever waits for something takes the signal; most do not, and it costs. */
type Work = (signal: () => AbortSignal) => Promise<KeptAnswer>;

function saysSomething({ url, body }: FastifyRequest): boolean {
  return url.includes('?') || (body !== undefined && body !== null);
}

function send(reply: FastifyReply, { status, type, body }: KeptAnswer): FastifyReply {
  return reply.code(status).type(type).send(body);
}

/** Aborted when the caller goes away before its answer. */
function untilGone(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort();
  });
  return controller.signal;
}

function notBuilt({ method, path }: RestOperation, subsystem: string): AppError {
  const message = `${method} ${path} needs the subsystem ${subsystem}, which is not part of this version.`;
  return new AppError('unsupported', message, {
    hint: 'GET /api/master/status names what is there.',
    details: { subsystem },
  });
}
