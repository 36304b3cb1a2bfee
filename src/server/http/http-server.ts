import type { AddressInfo } from 'node:net';
import { fastify, LogController } from 'fastify';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { AppError, messageOf, systemCodeOf } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { createSealer } from '../../core/seal.ts';
import type { Catalog } from '../../surface/index.ts';
import type { AuditLog } from '../mcp/audit-log.ts';
import { demandOf } from '../dispatch/request-policy.ts';
import { createToolPolicy, tightenPolicy } from '../dispatch/tool-policy.ts';
import type { ToolPolicy } from '../dispatch/tool-policy.ts';
import { createMcpServer } from '../mcp/mcp-server.ts';
import { ScopePolicy } from '../mcp/scope-policy.ts';
import { serverInfoOf } from '../mcp/server-info.ts';
import { Subscriptions } from '../mcp/subscriptions.ts';
import type { SubscriptionLimits } from '../mcp/subscriptions.ts';
import type { SurfaceBackend } from '../mcp/surface-backend.ts';
import { watchPermission } from '../mcp/watch-permission.ts';
import { createSurfaceListing } from '../mcp/surface-listing.ts';
import type { OauthConfig } from './access-token.ts';
import { answerErrors, answerRefusedUrl } from './error-answers.ts';
import { gracefulClose } from './graceful-close.ts';
import { DEFAULT_SESSION_LIMITS } from './legacy-sessions.ts';
import type { SessionLimits } from './legacy-sessions.ts';
import { McpGate } from './mcp-gate.ts';
import { mcpRoute } from './mcp-route.ts';
import { paramHeadersOf } from './param-headers.ts';
import { assertBindAllowed, bracketed, guardRequests } from './request-guard.ts';
import { DEFAULT_QUOTA, RequestQuota } from './request-quota.ts';
import { resourceMetadataRoutes } from './resource-metadata.ts';
import type { RestSystem } from './rest/rest-operation.ts';
import { restRoutes } from './rest/rest-routes.ts';
import { secretRoutes } from './secret-routes.ts';
import type { SecretDesk } from './secret-routes.ts';
import { watchRoutes } from './watch-routes.ts';
import type { WatchOptions } from './watch-routes.ts';

const MAX_BODY_BYTES = 4 * 1024 * 1024;
/** A client has this long to send a whole request. */
const REQUEST_TIMEOUT_MS = 30_000;

export interface ListenerConfig {
  readonly host: string;
  readonly port: number;
  readonly allowedHosts?: readonly string[];
  /** Origins of whose pages browsers may use REST. */
  readonly corsOrigins?: readonly string[];
  /** Whose access tokens are taken beside the token of the data folder. */
  readonly oauth?: OauthConfig | undefined;
  readonly rateLimit?: { readonly perMinute: number };
  readonly maxConcurrent?: number;
  /** Where host and port are configured, for errors; `http` without it. */
  readonly key?: string;
}

export interface HttpServerOptions extends WatchOptions {
  readonly config: ListenerConfig;
  readonly token: string;
  readonly catalog: Catalog;
  readonly backend: SurfaceBackend;
  readonly log: Log;
  readonly version: string;
  /** What MCP clients are told; that of the whole surface without it. */
  readonly instructions?: string;
  /** Which tools may be listed and called; the toolsets that are on by default without it. */
  readonly policy?: ToolPolicy;
  /** Time in which a tool must answer. */
  readonly deadlineMs?: number;
  readonly sessionLimits?: SessionLimits;
  readonly audit?: AuditLog | undefined;
  /** Milliseconds on a clock that never goes back; by which requests are counted. */
  readonly now?: () => number;
  readonly subscriptionLimits?: SubscriptionLimits;
  /** Whose pages for secrets are shown; none without it. */
  readonly secrets?: SecretDesk;
  /** The process that REST tells about and stops; no REST without it. */
  readonly rest?: RestSystem;
}

export interface HttpServer {
  /** Base URL, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** Stops listening, ends streams and sessions, and resolves when every connection is gone. */
  close(): Promise<void>;
}

/**
 * Starts the HTTP surface. Throws `conflict` when the port is taken, `not_configured` when the address is open to other
 * machines and `allowedHosts` is not given.
 */
export async function createHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { host, port } = options.config;
  assertBindAllowed(options.config);
  const app = await createHttpApp(options);
  const close = gracefulClose(app);
  try {
    await app.listen({ host, port });
  } catch (error) {
    await app.close();
    throw listenFailure(error, options.config);
  }
  const bound = boundPort(app.server.address());
  return { url: `http://${bracketed(host)}:${bound}`, port: bound, close };
}

async function createHttpApp(options: HttpServerOptions): Promise<FastifyInstance> {
  const { catalog, backend, log, version, token, instructions, deadlineMs, audit, secrets, rest: system } = options;
  const { oauth } = options.config;
  const app = guardedApp(options);
  if (oauth !== undefined) resourceMetadataRoutes(app, oauth);
  if (secrets !== undefined) await secretRoutes(app, { secrets, log, audit });
  const listing = createSurfaceListing(catalog);
  const policy = options.policy ?? createToolPolicy(catalog);
  const subscriptions = new Subscriptions(backend, options.subscriptionLimits);
  const info = serverInfoOf(version);
  const sealer = createSealer(token);
  const shared = { listing, subscriptions, policy, audit, sealer: () => sealer };
  const scopes = new ScopePolicy(catalog);
  const gate = gateOf(options, scopes);
  const restDeps = { catalog, listing, policy, scopes, gate, backend, audit, log, version, deadlineMs };
  if (system !== undefined) await restRoutes(app, { ...restDeps, system });
  await mcpRoute(app, {
    build: () => createMcpServer({ catalog, backend, info, log, instructions, deadlineMs, ...shared }),
    subscriptions,
    permit: watchPermission(backend),
    log,
    checkHeaders(headers) {
      const demand = demandOf((name) => headers[name.toLowerCase()]?.toString());
      if (demand !== undefined) tightenPolicy(policy, catalog, demand);
    },
    paramHeaders: paramHeadersOf(catalog),
    sessionLimits: options.sessionLimits ?? DEFAULT_SESSION_LIMITS,
    gate,
  });
  return app;
}

/** What answers nothing yet but whether it is well, and lets nobody by who may not. */
function guardedApp(options: HttpServerOptions): FastifyInstance {
  const { config, token, log } = options;
  const { host, allowedHosts = [], corsOrigins = [], oauth } = config;
  // Typed as fastify's own logger: with pino's type the instance would fit none of fastify's plain types.
  const loggerInstance: FastifyBaseLogger = log;
  const app = fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    // Nothing is logged by request: a logger for each one would be made in vain.
    childLoggerFactory: (logger) => logger,
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    frameworkErrors: answerRefusedUrl,
  });
  guardRequests(app, { host, allowedHosts, corsOrigins, token, oauth });
  answerErrors(app, log);
  watchRoutes(app, { ...options, oauth });
  return app;
}

function gateOf({ config, audit, now }: HttpServerOptions, scopes: ScopePolicy): McpGate {
  const { rateLimit: { perMinute } = DEFAULT_QUOTA, maxConcurrent = DEFAULT_QUOTA.maxConcurrent, oauth } = config;
  const quota = new RequestQuota({ perMinute, maxConcurrent, ...(now === undefined ? {} : { now }) });
  return new McpGate({ quota, scopes, oauth, audit });
}

function boundPort(address: AddressInfo | string | null): number {
  if (address !== null && typeof address === 'object') return address.port;
  throw new AppError('internal', 'The HTTP server has no port after it began to listen.');
}

function listenFailure(error: unknown, { host, port, key = 'http' }: ListenerConfig): AppError {
  // Only the first listener has an option of its own on the command line.
  const option = key === 'http' ? '--port' : `--set ${key}.port=…`;
  const where = `${bracketed(host)}:${port}`;
  switch (systemCodeOf(error) ?? '') {
    case 'EADDRINUSE':
      return new AppError('conflict', `Port ${port} on ${host} is taken by another process.`, {
        hint: `Choose another with ${key}.port (${option}; 0 takes any free one), or stop the other process.`,
        details: { host, port },
        cause: error,
      });
    case 'EACCES':
      return new AppError('permission_denied', `This user may not listen on ${where}.`, {
        hint: `Choose a port above 1023 with ${key}.port (${option}).`,
        cause: error,
      });
    default:
      return new AppError('not_configured', `The server can't listen on ${where}: ${messageOf(error)}.`, {
        hint: `Check ${key}.host and ${key}.port.`,
        cause: error,
      });
  }
}
