/**
 * The doors to the outside: MCP over stdio and HTTP, the HTTP server, and the command line. Owns protocols, transports,
 * authentication and the rendering of errors; knows the surface as a catalog and a backend that runs it.
 * Invariants: stdout carries JSON-RPC alone while stdio is served; no HTTP request passes without Host, Origin and token
 * checks except the two health routes; an unexpected failure leaves the process as an incident id only.
 */
export { runCli } from './cli/cli-program.ts';
export { createHttpServer } from './http/http-server.ts';
export type { HttpServer, HttpServerOptions } from './http/http-server.ts';
export { createToolPolicy, withoutSelection } from './dispatch/tool-policy.ts';
export type { ToolPolicy } from './dispatch/tool-policy.ts';
export { createMcpServer } from './mcp/mcp-server.ts';
export { createLocalBackend } from './mcp/local-backend.ts';
export { GRAPH_INSTRUCTIONS } from './mcp/server-instructions.ts';
export type { SurfaceBackend } from './mcp/surface-backend.ts';
