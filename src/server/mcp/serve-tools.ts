import type { CallToolResult, Server, ServerContext } from '@modelcontextprotocol/server';
import type { Log } from '../../core/log.ts';
import type { ContentBlock, Tool, ToolAnswer } from '../../surface/index.ts';
import type { ToolAccess } from '../dispatch/tool-access.ts';
import { recordedCall } from '../dispatch/recorded-call.ts';
import { ANSWER_DEADLINE_MS } from '../dispatch/tool-dispatch.ts';
import type { AuditLog } from './audit-log.ts';
import { metaOfAnswer } from './answer-meta.ts';
import { boundedAnswer } from './bounded-answer.ts';
import { STATE_FAULT } from './dialog.ts';
import type { Page } from './list-page.ts';
import { serveRequest } from './served-request.ts';
import type { SurfaceBackend } from './surface-backend.ts';
import { createdTask, requireTasks } from './task-layer.ts';
import { fenced } from './text-fence.ts';
import { protocolErrorOf, toolErrorResult } from './wire-error.ts';

/** Which tools the client of one request has: its headers can take some away. */
export type AccessOf = (request: ServerContext) => ToolAccess;

export interface ServedTools {
  readonly server: Server;
  readonly backend: SurfaceBackend;
  readonly log: Log;
  readonly page: Page;
  readonly accessOf: AccessOf;
  /** Time in which a tool must answer. */
  readonly deadlineMs?: number | undefined;
  /** Where calls are recorded that get no further; those that do are recorded by who runs them. */
  readonly audit?: AuditLog | undefined;
}

/** `tools/list` and `tools/call`. */
export function serveTools({
  server,
  backend,
  log,
  page,
  accessOf,
  deadlineMs = ANSWER_DEADLINE_MS,
  audit,
}: ServedTools): void {
  server.setRequestHandler('tools/list', ({ params }, request) => {
    const { items, ...rest } = page(accessOf(request).listed(), params?.cursor, request);
    return { tools: items, ...rest };
  });
  server.setRequestHandler('tools/call', ({ params: { name, arguments: input = {} } }, request) =>
    serveRequest<CallToolResult>({
      server,
      request,
      subject: name,
      log,
      work: async (call) => {
        const { dispatched, answer } = await recordedCall(
          { access: accessOf(request), backend, deadlineMs, audit, admit: (tool) => requireTasks(tool, call.caller) },
          { name, input, call },
        );
        const { tool } = dispatched;
        if (tool.task !== undefined && call.caller.can.tasks) return createdTask(answer.structured);
        return callResult(boundedAnswer(answer, dispatched), tool);
      },
      failed: (failure) => {
        // A tool that does not exist is a fault of the client; everything else is for the agent to read.
        if (!accessOf(request).has(name) || failure.details['fault'] === STATE_FAULT) throw protocolErrorOf(failure);
        return toolErrorResult(failure);
      },
    }),
  );
}

function callResult(answer: ToolAnswer, { outside }: Tool): CallToolResult {
  const { structured, attachments = [], next = [] } = answer;
  const isFenced = outside !== undefined && answer.text !== '';
  const { text, nonce } = isFenced ? fenced(answer, outside) : { text: answer.text, nonce: undefined };
  const blocks: ContentBlock[] = text === '' && attachments.length > 0 ? [] : [{ type: 'text', text }];
  const meta = metaOfAnswer({ next, fence: nonce });
  return {
    content: [...blocks, ...attachments],
    structuredContent: structured,
    ...(meta === undefined ? {} : { _meta: meta }),
  };
}
