import type { FastifyRequest } from 'fastify';
import { AppError } from '../../../core/errors.ts';
import type { Log } from '../../../core/log.ts';
import { CapabilityNeeded, InputNeeded, LOCAL_CALLER } from '../../../surface/index.ts';
import { recordedCall } from '../../dispatch/recorded-call.ts';
import type { ToolAccess } from '../../dispatch/tool-access.ts';
import { ANSWER_DEADLINE_MS } from '../../dispatch/tool-dispatch.ts';
import { metaOfAnswer } from '../../mcp/answer-meta.ts';
import type { AuditLog } from '../../mcp/audit-log.ts';
import { boundedAnswer } from '../../mcp/bounded-answer.ts';
import { tracedBy } from '../../mcp/call-identity.ts';
import { visibleError } from '../../mcp/guarded-call.ts';
import type { CallContext, SurfaceBackend } from '../../mcp/surface-backend.ts';
import { requireTasks } from '../../mcp/task-layer.ts';
import { asAppError } from '../../surface-failure.ts';

/** Key in `_meta` of an answer for what belongs to it beside its fields: links and media, as MCP has them. */
export const ATTACHMENTS_META_KEY = 'lightdom/attachments';

export interface RestCallDeps {
  readonly backend: SurfaceBackend;
  /** Time in which a tool must answer. */
  readonly deadlineMs: number | undefined;
  readonly audit: AuditLog | undefined;
  readonly log: Log;
}

export interface RestCall {
  readonly access: ToolAccess;
  readonly request: Pick<FastifyRequest, 'identity' | 'headers'>;
  readonly signal: AbortSignal;
  readonly tool: string;
  readonly input: unknown;
}

/**
 * Calls a tool for somebody who can be asked nothing, and answers with its fields; what it suggests to call next is in
 * `_meta`. Throws AppError alone.
 */
export async function callTool(
  { backend, deadlineMs = ANSWER_DEADLINE_MS, audit, log }: RestCallDeps,
  { access, request, signal, tool: name, input }: RestCall,
): Promise<Readonly<Record<string, unknown>>> {
  const call = callContextOf(request, signal);
  try {
    const { dispatched, answer } = await recordedCall(
      { access, backend, deadlineMs, audit, admit: (tool) => requireTasks(tool, call.caller) },
      { name, input, call },
    );
    const { structured, attachments = [], next = [] } = boundedAnswer(answer, dispatched);
    const meta = {
      ...metaOfAnswer({ next, fence: undefined }),
      ...(attachments.length === 0 ? {} : { [ATTACHMENTS_META_KEY]: attachments }),
    };
    return Object.keys(meta).length === 0 ? structured : { ...structured, _meta: meta };
  } catch (error) {
    if (error instanceof InputNeeded || error instanceof CapabilityNeeded) throw needsDialog(name);
    throw visibleError(asAppError(error, { subject: name, log, signal }));
  }
}

function callContextOf({ identity, headers }: RestCall['request'], signal: AbortSignal): CallContext {
  return {
    signal,
    caller: { ...LOCAL_CALLER, principal: identity?.principal ?? '', scopes: identity?.scopes ?? [] },
    origin: { transport: 'http', ...tracedBy(headers['traceparent']) },
    progress: () => {},
    log: () => {},
    releaseStream: () => {},
  };
}

function needsDialog(name: string): AppError {
  return new AppError('unsupported', `${name} has to ask its caller something, and a caller of REST can't be asked.`, {
    hint: 'Call it with an MCP client that shows forms and pages.',
  });
}
