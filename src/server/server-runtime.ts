/**
 * What serves. For the files that put the system together: the command line, behind `index.ts`, loads none of it before a
 * command needs it.
 */
export { createToolPolicy, withoutSelection } from './dispatch/tool-policy.ts';
export { auditLogOf } from './mcp/audit-log.ts';
export { recordTools } from './mcp/tool-digests.ts';
export { createHttpServer } from './http/http-server.ts';
export { RequestAnswerStore } from './http/rest/request-answer-store.ts';
export { createLocalBackend } from './mcp/local-backend.ts';
export { plainCall } from './mcp/surface-backend.ts';
export { observedCalls } from './mcp/observed-calls.ts';
export { createMcpServer } from './mcp/mcp-server.ts';
export { GRAPH_INSTRUCTIONS } from './mcp/server-instructions.ts';
