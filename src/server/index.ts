/**
 * The doors to the outside: MCP over stdio and HTTP, the HTTP server, and the command line. Owns protocols, transports,
 * authentication and the rendering of errors; knows the surface as a catalog and a backend that runs it.
 * Invariants: stdout carries JSON-RPC alone while stdio is served; no HTTP request passes without Host, Origin and token
 * checks except the health routes, the metadata for OAuth clients, the page that shows the API (without the API's
 * description) and the pages for secrets, to which a ticket in the URL is the key; no call is made without its caller's scope, and
 * none without a record while that is on; no token goes further than its gate; an unexpected failure leaves the process as an incident id only.
 */
export { runCli } from './cli/cli-program.ts';
export type { ReviewedManifest, ReviewedService } from './cli/reviewed-manifest.ts';
export type { HttpServer, HttpServerOptions } from './http/http-server.ts';
export type { RestSystem } from './http/rest/rest-operation.ts';
export type { ToolPolicy } from './dispatch/tool-policy.ts';
export type { AuditLog } from './mcp/audit-log.ts';
export type { SurfaceBackend } from './mcp/surface-backend.ts';
