import { Server } from '@modelcontextprotocol/server';
import type {
  CallToolResult,
  GetPromptResult,
  Implementation,
  ReadResourceResult,
  ServerCapabilities,
  ServerContext,
  ServerOptions,
} from '@modelcontextprotocol/server';
import type { Log } from '../../core/log.ts';
import type { Catalog, ContentBlock, ToolAnswer } from '../../surface/index.ts';
import { demandOf } from '../dispatch/request-policy.ts';
import { ToolAccess } from '../dispatch/tool-access.ts';
import { ANSWER_DEADLINE_MS, dispatch, runDispatched } from '../dispatch/tool-dispatch.ts';
import { createToolPolicy, tightenPolicy } from '../dispatch/tool-policy.ts';
import type { ToolPolicy } from '../dispatch/tool-policy.ts';
import { boundedAnswer } from './bounded-answer.ts';
import { TASKS_EXTENSION } from './caller-capabilities.ts';
import { STATE_FAULT } from './dialog.ts';
import { NEXT_META_KEY } from './next-meta.ts';
import { servePage, serveRequest } from './served-request.ts';
import { CATALOG_INSTRUCTIONS, SERVER_INSTRUCTIONS } from './server-instructions.ts';
import type { SurfaceBackend } from './surface-backend.ts';
import { createSurfaceListing } from './surface-listing.ts';
import type { SurfaceListing } from './surface-listing.ts';
import { createdTask, requireTasks, serveTasks } from './task-layer.ts';
import { protocolErrorOf, resourceErrorOf, toolErrorResult } from './wire-error.ts';

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
  /** What may be listed and called; the toolsets that are on by default without it. */
  readonly policy?: ToolPolicy | undefined;
  /** Time in which a tool must answer. */
  readonly deadlineMs?: number | undefined;
}

/** Which tools the client of one request has: its headers can take some away. */
type AccessOf = (request: ServerContext) => ToolAccess;

/** One protocol endpoint over the surface, for one connection (or one modern HTTP request). Does not connect it. */
export function createMcpServer(deps: McpServerDeps): Server {
  const listing = deps.listing ?? createSurfaceListing(deps.catalog);
  const policy = deps.policy ?? createToolPolicy(deps.catalog);
  const access = new ToolAccess(listing, policy);
  const accessOf: AccessOf = ({ http }) => {
    const demand = demandOf((name) => http?.req?.headers.get(name));
    return demand === undefined ? access : new ToolAccess(listing, tightenPolicy(policy, deps.catalog, demand));
  };
  const server = new Server(deps.info, {
    capabilities: capabilitiesOf(listing, deps.catalog),
    instructions: deps.instructions ?? instructionsFor(access),
    cacheHints: CACHE_HINTS,
  });
  server.onerror = (error) => deps.log.debug({ err: error }, 'MCP connection reported an error');
  if (listing.tools.length > 0) serveTools(server, accessOf, deps);
  if (hasResources(listing)) serveResources(server, listing, deps);
  if (listing.prompts.length > 0) servePrompts(server, listing, deps);
  if (hasTasks(deps.catalog)) serveTasks({ server, accessOf, ...deps });
  return server;
}

function instructionsFor(access: ToolAccess): string {
  return access.reachesMoreThanListed() ? `${SERVER_INSTRUCTIONS}\n${CATALOG_INSTRUCTIONS}` : SERVER_INSTRUCTIONS;
}

/** Only what is there is announced: no subscriptions, no change notifications, no completions. */
function capabilitiesOf(listing: SurfaceListing, catalog: Catalog): ServerCapabilities {
  return {
    logging: {},
    ...(listing.tools.length > 0 ? { tools: {} } : {}),
    ...(hasResources(listing) ? { resources: {} } : {}),
    ...(listing.prompts.length > 0 ? { prompts: {} } : {}),
    ...(hasTasks(catalog) ? { extensions: { [TASKS_EXTENSION]: {} } } : {}),
  };
}

function hasTasks({ toolsets }: Catalog): boolean {
  return toolsets.some(({ tools }) => tools.some(({ task }) => task !== undefined));
}

function hasResources(listing: SurfaceListing): boolean {
  return listing.resources.length + listing.resourceTemplates.length > 0;
}

function serveTools(server: Server, accessOf: AccessOf, { backend, log, deadlineMs }: McpServerDeps): void {
  server.setRequestHandler('tools/list', ({ params }, request) => {
    const { items, ...rest } = servePage(accessOf(request).listed(), params?.cursor);
    return { tools: items, ...rest };
  });
  server.setRequestHandler('tools/call', ({ params: { name, arguments: input = {} } }, request) =>
    serveRequest<CallToolResult>({
      server,
      request,
      subject: name,
      log,
      work: async (call) => {
        const access = accessOf(request);
        const dispatched = dispatch(access, name, input);
        const { tool } = dispatched;
        requireTasks(tool, call.caller);
        const deps = { access, backend, deadlineMs: deadlineMs ?? ANSWER_DEADLINE_MS };
        const answer = await runDispatched(deps, dispatched, call);
        if (tool.task !== undefined && call.caller.can.tasks) return createdTask(answer.structured);
        return callResult(boundedAnswer(answer, dispatched));
      },
      failed: (failure) => {
        // A tool that does not exist is a fault of the client; everything else is for the agent to read.
        if (!accessOf(request).has(name) || failure.details['fault'] === STATE_FAULT) throw protocolErrorOf(failure);
        return toolErrorResult(failure);
      },
    }),
  );
}

function callResult({ text, structured, attachments = [], next = [] }: ToolAnswer): CallToolResult {
  const blocks: ContentBlock[] = text === '' && attachments.length > 0 ? [] : [{ type: 'text', text }];
  return {
    content: [...blocks, ...attachments],
    structuredContent: structured,
    ...(next.length === 0 ? {} : { _meta: { [NEXT_META_KEY]: next } }),
  };
}

function serveResources(server: Server, listing: SurfaceListing, { backend, log }: McpServerDeps): void {
  server.setRequestHandler('resources/list', ({ params }) => {
    const { items, ...rest } = servePage(listing.resources, params?.cursor);
    return { resources: items, ...rest };
  });
  server.setRequestHandler('resources/templates/list', ({ params }) => {
    const { items, ...rest } = servePage(listing.resourceTemplates, params?.cursor);
    return { resourceTemplates: items, ...rest };
  });
  server.setRequestHandler('resources/read', ({ params: { uri } }, request) =>
    serveRequest<ReadResourceResult>({
      server,
      request,
      subject: uri,
      log,
      work: async (call) => ({ contents: [...(await backend.readResource(uri, call))] }),
      failed: (failure) => {
        throw resourceErrorOf(failure, uri);
      },
    }),
  );
}

function servePrompts(server: Server, listing: SurfaceListing, { backend, log }: McpServerDeps): void {
  server.setRequestHandler('prompts/list', ({ params }) => {
    const { items, ...rest } = servePage(listing.prompts, params?.cursor);
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
