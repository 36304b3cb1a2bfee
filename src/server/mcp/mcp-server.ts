import { Server } from '@modelcontextprotocol/server';
import type { Implementation, ServerCapabilities, ServerOptions } from '@modelcontextprotocol/server';
import { AppError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { Catalog } from '../../surface/index.ts';
import { asAppError } from '../surface-failure.ts';
import { relayTo } from './call-relay.ts';
import { pageOf } from './list-page.ts';
import { SERVER_INSTRUCTIONS } from './server-instructions.ts';
import type { SurfaceBackend } from './surface-backend.ts';
import { createSurfaceListing } from './surface-listing.ts';
import type { SurfaceListing } from './surface-listing.ts';
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
    capabilities: capabilitiesOf(listing),
    instructions: deps.instructions ?? SERVER_INSTRUCTIONS,
    cacheHints: CACHE_HINTS,
  });
  server.onerror = (error) => deps.log.debug({ err: error }, 'MCP connection reported an error');
  if (listing.tools.length > 0) serveTools(server, listing, deps);
  if (hasResources(listing)) serveResources(server, listing, deps);
  if (listing.prompts.length > 0) servePrompts(server, listing, deps);
  return server;
}

/** Only what is there is announced: no subscriptions, no change notifications, no completions. */
function capabilitiesOf(listing: SurfaceListing): ServerCapabilities {
  return {
    logging: {},
    ...(listing.tools.length > 0 ? { tools: {} } : {}),
    ...(hasResources(listing) ? { resources: {} } : {}),
    ...(listing.prompts.length > 0 ? { prompts: {} } : {}),
  };
}

function hasResources(listing: SurfaceListing): boolean {
  return listing.resources.length + listing.resourceTemplates.length > 0;
}

function serveTools(server: Server, listing: SurfaceListing, { catalog, backend, log }: McpServerDeps): void {
  const names = new Set(catalog.toolsets.flatMap(({ tools }) => tools.map((tool) => tool.name)));
  server.setRequestHandler('tools/list', ({ params }) => {
    const { items, ...rest } = page(listing.tools, params?.cursor);
    return { tools: items, ...rest };
  });
  server.setRequestHandler('tools/call', async ({ params }, context) => {
    const { call, flush } = relayTo(context, log);
    try {
      const answer = await backend.callTool(params.name, params.arguments ?? {}, call);
      return { content: [{ type: 'text', text: answer.text }], structuredContent: answer.structured };
    } catch (error) {
      const failure = asAppError(error, { subject: params.name, log, signal: call.signal });
      // A tool that does not exist is a fault of the client; everything else is for the agent to read.
      if (!names.has(params.name)) throw protocolErrorOf(failure);
      return toolErrorResult(failure);
    } finally {
      await flush();
    }
  });
}

function serveResources(server: Server, listing: SurfaceListing, { backend, log }: McpServerDeps): void {
  server.setRequestHandler('resources/list', ({ params }) => {
    const { items, ...rest } = page(listing.resources, params?.cursor);
    return { resources: items, ...rest };
  });
  server.setRequestHandler('resources/templates/list', ({ params }) => {
    const { items, ...rest } = page(listing.resourceTemplates, params?.cursor);
    return { resourceTemplates: items, ...rest };
  });
  server.setRequestHandler('resources/read', async ({ params }, context) => {
    const { call, flush } = relayTo(context, log);
    try {
      return { contents: [...(await backend.readResource(params.uri, call))] };
    } catch (error) {
      throw resourceErrorOf(asAppError(error, { subject: params.uri, log, signal: call.signal }), params.uri);
    } finally {
      await flush();
    }
  });
}

function servePrompts(server: Server, listing: SurfaceListing, { backend, log }: McpServerDeps): void {
  server.setRequestHandler('prompts/list', ({ params }) => {
    const { items, ...rest } = page(listing.prompts, params?.cursor);
    return { prompts: items, ...rest };
  });
  server.setRequestHandler('prompts/get', async ({ params }) => {
    try {
      const text = await backend.getPrompt(params.name, params.arguments ?? {});
      return { messages: [{ role: 'user', content: { type: 'text', text } }] };
    } catch (error) {
      throw protocolErrorOf(asAppError(error, { subject: params.name, log }));
    }
  });
}

function page<T>(all: readonly T[], cursor: string | undefined): ReturnType<typeof pageOf<T>> {
  try {
    return pageOf(all, cursor);
  } catch (error) {
    throw error instanceof AppError ? protocolErrorOf(error) : error;
  }
}
