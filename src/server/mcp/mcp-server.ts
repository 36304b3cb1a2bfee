import { Server } from '@modelcontextprotocol/server';
import type {
  GetPromptResult,
  Implementation,
  ReadResourceResult,
  ServerCapabilities,
  ServerOptions,
} from '@modelcontextprotocol/server';
import { newId } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import { createSealer } from '../../core/seal.ts';
import type { Sealer } from '../../core/seal.ts';
import type { Catalog } from '../../surface/index.ts';
import { demandOf } from '../dispatch/request-policy.ts';
import { ToolAccess } from '../dispatch/tool-access.ts';
import { createToolPolicy, tightenPolicy } from '../dispatch/tool-policy.ts';
import type { ToolPolicy } from '../dispatch/tool-policy.ts';
import type { AuditLog } from './audit-log.ts';
import { callerOf } from './call-relay.ts';
import { TASKS_EXTENSION, VIEWS_EXTENSION } from './caller-capabilities.ts';
import type { Page } from './list-page.ts';
import { hasCompletions, serveCompletions } from './serve-completions.ts';
import { hasUpdates, serveSubscriptions } from './serve-subscriptions.ts';
import { servePage, serveRequest } from './served-request.ts';
import { serveTools } from './serve-tools.ts';
import type { AccessOf } from './serve-tools.ts';
import { CATALOG_INSTRUCTIONS, SERVER_INSTRUCTIONS } from './server-instructions.ts';
import { serveSkills, SKILLS_EXTENSION } from './skill-layer.ts';
import { Subscriptions } from './subscriptions.ts';
import type { SurfaceBackend } from './surface-backend.ts';
import { createSurfaceListing } from './surface-listing.ts';
import type { SurfaceListing } from './surface-listing.ts';
import { serveTasks } from './task-layer.ts';
import { watchPermission } from './watch-permission.ts';
import { protocolErrorOf, resourceErrorOf } from './wire-error.ts';

/** The lists change only with the version of the server. */
const LIST_CACHE = { ttlMs: 60_000, cacheScope: 'private' } as const;
const READ_CACHE = { ttlMs: 0, cacheScope: 'private' } as const;

const CACHE_HINTS = {
  'server/discover': LIST_CACHE,
  'tools/list': LIST_CACHE,
  'resources/list': LIST_CACHE,
  'resources/templates/list': LIST_CACHE,
  'prompts/list': LIST_CACHE,
  'resources/read': READ_CACHE,
} satisfies ServerOptions['cacheHints'];

export interface McpServerDeps {
  readonly catalog: Catalog;
  readonly backend: SurfaceBackend;
  readonly info: Implementation;
  readonly log: Log;
  /** The catalog's listing when it is at hand; a server that is built per request should not compute it again. */
  readonly listing?: SurfaceListing;
  /** What clients are told about the server; that of the whole surface without it. */
  readonly instructions?: string | undefined;
  /** Signs the cursors of lists; without it they count for this server alone. */
  readonly sealer?: () => Sealer;
  /** Of the endpoint that this server is one connection of; of its own without it. */
  readonly subscriptions?: Subscriptions;
  /** What may be listed and called; the toolsets that are on by default without it. */
  readonly policy?: ToolPolicy | undefined;
  /** Time in which a tool must answer. */
  readonly deadlineMs?: number | undefined;
  /** Without it calls that the policy denies leave no record. */
  readonly audit?: AuditLog | undefined;
}

interface Served {
  readonly server: Server;
  readonly listing: SurfaceListing;
  readonly backend: SurfaceBackend;
  readonly log: Log;
  readonly page: Page;
}

/** One protocol endpoint over the surface, for one connection (or one modern HTTP request). Does not connect it. */
export function createMcpServer(deps: McpServerDeps): Server {
  const listing = deps.listing ?? createSurfaceListing(deps.catalog);
  const policy = deps.policy ?? createToolPolicy(deps.catalog);
  const access = new ToolAccess(listing, policy);
  const server = new Server(deps.info, {
    capabilities: capabilitiesOf(listing, deps.catalog),
    instructions: deps.instructions ?? instructionsFor(access),
    cacheHints: CACHE_HINTS,
  });
  server.onerror = (error) => deps.log.debug({ err: error }, 'MCP connection reported an error');
  const { catalog, backend, log, deadlineMs, audit } = deps;
  const accessOf: AccessOf = ({ http }) => {
    const demand = demandOf((name) => http?.req?.headers.get(name));
    return demand === undefined ? access : new ToolAccess(listing, tightenPolicy(policy, catalog, demand));
  };
  const served: Served = { server, listing, backend, log, page: pagesOf(server, deps) };
  if (listing.tools.length > 0) serveTools({ ...served, accessOf, deadlineMs, audit });
  if (hasResources(listing)) serveResources(served);
  if (hasUpdates(catalog)) {
    const { subscriptions = new Subscriptions(backend) } = deps;
    serveSubscriptions(server, { catalog, log, subscriptions, permit: watchPermission(backend) });
  }
  if (listing.prompts.length > 0) servePrompts(served);
  if (hasSkills(listing)) serveSkills({ server, shelf: listing.skills, page: served.page }, LIST_CACHE);
  if (hasCompletions(catalog)) serveCompletions(server, deps);
  if (hasTasks(catalog)) serveTasks({ server, accessOf, ...deps });
  return server;
}

function instructionsFor(access: ToolAccess): string {
  return access.reachesMoreThanListed() ? `${SERVER_INSTRUCTIONS}\n${CATALOG_INSTRUCTIONS}` : SERVER_INSTRUCTIONS;
}

function pagesOf(server: Server, { sealer }: McpServerDeps): Page {
  let own: Sealer | undefined;
  const ownSealer = (): Sealer => (own ??= createSealer(newId()));
  return (all, cursor, request) => {
    const { principal } = callerOf(server, request);
    return servePage(all, { list: request.mcpReq.method, cursor, principal, sealer: sealer ?? ownSealer });
  };
}

/** Only what is there is announced; no list changes while the server runs. */
function capabilitiesOf(listing: SurfaceListing, catalog: Catalog): ServerCapabilities {
  const extensions = {
    ...(hasTasks(catalog) ? { [TASKS_EXTENSION]: {} } : {}),
    ...(hasSkills(listing) ? { [SKILLS_EXTENSION]: {} } : {}),
    ...(hasViews(catalog) ? { [VIEWS_EXTENSION]: {} } : {}),
  };
  return {
    logging: {},
    ...(listing.tools.length > 0 ? { tools: {} } : {}),
    ...(hasResources(listing) ? { resources: hasUpdates(catalog) ? { subscribe: true } : {} } : {}),
    ...(listing.prompts.length > 0 ? { prompts: {} } : {}),
    ...(hasCompletions(catalog) ? { completions: {} } : {}),
    ...(Object.keys(extensions).length > 0 ? { extensions } : {}),
  };
}

function hasTasks({ toolsets }: Catalog): boolean {
  return toolsets.some(({ tools }) => tools.some(({ task }) => task !== undefined));
}

function hasViews({ toolsets }: Catalog): boolean {
  return toolsets.some(({ tools }) => tools.some(({ view }) => view !== undefined));
}

function hasSkills({ skills }: SurfaceListing): boolean {
  return skills.resources.length > 0;
}

function hasResources(listing: SurfaceListing): boolean {
  return listing.resources.length + listing.resourceTemplates.length > 0;
}

function serveResources({ server, listing, backend, log, page }: Served): void {
  server.setRequestHandler('resources/list', ({ params }, request) => {
    const { items, ...rest } = page(listing.resources, params?.cursor, request);
    return { resources: items, ...rest };
  });
  server.setRequestHandler('resources/templates/list', ({ params }, request) => {
    const { items, ...rest } = page(listing.resourceTemplates, params?.cursor, request);
    return { resourceTemplates: items, ...rest };
  });
  server.setRequestHandler('resources/read', ({ params: { uri } }, request) =>
    serveRequest<ReadResourceResult>({
      server,
      request,
      subject: uri,
      log,
      work: async (call) => {
        const skill = listing.skills.read(uri);
        return { contents: skill === undefined ? [...(await backend.readResource(uri, call))] : [skill] };
      },
      failed: (failure) => {
        throw resourceErrorOf(failure, uri);
      },
    }),
  );
}

function servePrompts({ server, listing, backend, log, page }: Served): void {
  server.setRequestHandler('prompts/list', ({ params }, request) => {
    const { items, ...rest } = page(listing.prompts, params?.cursor, request);
    return { prompts: items, ...rest };
  });
  server.setRequestHandler('prompts/get', ({ params: { name, arguments: args = {} } }, request) =>
    serveRequest<GetPromptResult>({
      server,
      request,
      subject: name,
      log,
      work: async (call) => ({ messages: [...(await backend.getPrompt(name, args, call))] }),
      failed: (failure) => {
        throw protocolErrorOf(failure);
      },
    }),
  );
}
