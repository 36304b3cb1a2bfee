import { Server } from '@modelcontextprotocol/server';
import type {
  CallToolResult,
  GetPromptResult,
  Implementation,
  ReadResourceResult,
  ServerCapabilities,
  ServerOptions,
} from '@modelcontextprotocol/server';
import type { Log } from '../../core/log.ts';
import type { Catalog, ContentBlock } from '../../surface/index.ts';
import { TASKS_EXTENSION, VIEWS_EXTENSION } from './caller-capabilities.ts';
import { STATE_FAULT } from './dialog.ts';
import { servePage, serveRequest } from './served-request.ts';
import { SERVER_INSTRUCTIONS } from './server-instructions.ts';
import { serveSkills, SKILLS_EXTENSION } from './skill-layer.ts';
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
}

/** One protocol endpoint over the surface, for one connection (or one modern HTTP request). Does not connect it. */
export function createMcpServer(deps: McpServerDeps): Server {
  const listing = deps.listing ?? createSurfaceListing(deps.catalog);
  const server = new Server(deps.info, {
    capabilities: capabilitiesOf(listing, deps.catalog),
    instructions: deps.instructions ?? SERVER_INSTRUCTIONS,
    cacheHints: CACHE_HINTS,
  });
  server.onerror = (error) => deps.log.debug({ err: error }, 'MCP connection reported an error');
  if (listing.tools.length > 0) serveTools(server, listing, deps);
  if (hasResources(listing)) serveResources(server, listing, deps);
  if (listing.prompts.length > 0) servePrompts(server, listing, deps);
  if (hasSkills(listing)) serveSkills(server, listing.skills, LIST_CACHE);
  if (hasTasks(deps.catalog)) serveTasks({ server, ...deps });
  return server;
}

/** Only what is there is announced: no subscriptions, no change notifications, no completions. */
function capabilitiesOf(listing: SurfaceListing, catalog: Catalog): ServerCapabilities {
  const extensions = {
    ...(hasTasks(catalog) ? { [TASKS_EXTENSION]: {} } : {}),
    ...(hasSkills(listing) ? { [SKILLS_EXTENSION]: {} } : {}),
    ...(hasViews(catalog) ? { [VIEWS_EXTENSION]: {} } : {}),
  };
  return {
    logging: {},
    ...(listing.tools.length > 0 ? { tools: {} } : {}),
    ...(hasResources(listing) ? { resources: {} } : {}),
    ...(listing.prompts.length > 0 ? { prompts: {} } : {}),
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

function serveTools(server: Server, listing: SurfaceListing, { catalog, backend, log }: McpServerDeps): void {
  const tools = new Map(catalog.toolsets.flatMap((entry) => entry.tools).map((tool) => [tool.name, tool]));
  server.setRequestHandler('tools/list', ({ params }) => {
    const { items, ...rest } = servePage(listing.tools, params?.cursor);
    return { tools: items, ...rest };
  });
  server.setRequestHandler('tools/call', ({ params: { name, arguments: input = {} } }, request) =>
    serveRequest<CallToolResult>({
      server,
      request,
      subject: name,
      log,
      work: async (call) => {
        const tool = tools.get(name);
        requireTasks(tool, call.caller);
        const { text, structured, attachments = [] } = await backend.callTool(name, input, call);
        if (tool?.task !== undefined && call.caller.can.tasks) return createdTask(structured);
        const blocks: ContentBlock[] = text === '' && attachments.length > 0 ? [] : [{ type: 'text', text }];
        return { content: [...blocks, ...attachments], structuredContent: structured };
      },
      failed: (failure) => {
        // A tool that does not exist is a fault of the client; everything else is for the agent to read.
        if (!tools.has(name) || failure.details['fault'] === STATE_FAULT) throw protocolErrorOf(failure);
        return toolErrorResult(failure);
      },
    }),
  );
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
