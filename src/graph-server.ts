import type { Config } from './core/config/index.ts';
import type { Log } from './core/log.ts';
import type { Sealer } from './core/seal.ts';
import type { Tracer } from './core/tracer.ts';
import { createHttpServer, createLocalBackend, GRAPH_INSTRUCTIONS, withoutSelection } from './server/server-runtime.ts';
import type { HttpServer, HttpServerOptions, ToolPolicy } from './server/index.ts';
import type { Services } from './services.ts';
import type { ProcessPart } from './supervisor/index.ts';
import type { Catalog } from './surface/index.ts';

export interface GraphServerOptions extends Pick<HttpServerOptions, 'token' | 'version' | 'readiness' | 'audit'> {
  readonly config: Config;
  readonly log: Log;
  /** The whole surface; only what belongs to the graph is served. */
  readonly catalog: Catalog;
  /** That of the whole surface: what it denies is denied here, and what it selects is no concern of the graph. */
  readonly policy: ToolPolicy;
  readonly tracer: Tracer;
  services(): Promise<Services>;
  sealer(): Sealer;
}

/**
 * A second listener that serves the code graph alone, with the same guards as the first, for agents that shall see
 * nothing else. None unless `services.indexing.mcpServer` is configured, nor where HTTP is off.
 */
export function graphServerServices(options: GraphServerOptions): ProcessPart[] {
  const { mcpServer } = options.config.services.indexing;
  if (mcpServer === undefined || !options.config.http.enabled) return [];
  let server: HttpServer | undefined;
  const service: ProcessPart = {
    name: 'graph-server',
    after: ['runs'],
    isCritical: true,
    isFixed: true,
    start: async () => {
      server = await serveGraph(options, mcpServer);
      return server.url;
    },
    stop: async () => {
      const open = server;
      server = undefined;
      await open?.close();
    },
    problem: () => (server === undefined ? 'it does not listen' : undefined),
  };
  return [service];
}

type Listener = NonNullable<Config['services']['indexing']['mcpServer']>;

function serveGraph(options: GraphServerOptions, mcpServer: Listener): Promise<HttpServer> {
  const { config, log, token, version, audit, tracer } = options;
  const { allowedHosts, rateLimit, maxConcurrent } = config.http;
  const catalog = graphCatalogOf(options.catalog);
  return createHttpServer({
    // Tokens of an issuer are made out to the first listener alone.
    config: { ...mcpServer, allowedHosts, rateLimit, maxConcurrent, key: 'services.indexing.mcpServer' },
    token,
    catalog,
    backend: createLocalBackend({
      catalog,
      log,
      audit,
      tracer,
      sealer: () => options.sealer(),
      services: () => options.services(),
    }),
    log,
    audit,
    version,
    instructions: GRAPH_INSTRUCTIONS,
    policy: withoutSelection(options.policy),
    readiness: () => options.readiness(),
  });
}

function graphCatalogOf({ toolsets, resources }: Catalog): Catalog {
  return {
    toolsets: toolsets.filter(({ toolset }) => toolset.id === 'graph'),
    resources: resources.filter(({ uri }) => uri.startsWith('graph://') || uri.startsWith('ui://')),
    prompts: [],
  };
}
