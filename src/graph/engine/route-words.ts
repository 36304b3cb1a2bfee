/** What routes of HTTP servers are written with, for the scans of both compilers. */

export const VERBS: ReadonlySet<string> = new Set(['get', 'post', 'put', 'patch', 'delete', 'options', 'head', 'all']);
/** A file without one of these as a module's name has no routes. */
export const FRAMEWORKS =
  /['"](?:express|fastify|hono|@hono\/[\w-]+|koa-router|@koa\/router|find-my-way|polka|restify|@nestjs\/common)(?:\/[\w-]+)*['"]/;
export const MAX_ROUTE_NAME = 200;
/** Calls, lists and options between a route and its handler. */
export const MAX_WRAPPINGS = 4;
