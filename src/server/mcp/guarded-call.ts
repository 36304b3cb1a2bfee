import type { Scope } from '../../core/access.ts';
import { AppError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { NO_TRACER } from '../../core/tracer.ts';
import type { Tracer } from '../../core/tracer.ts';
import { visibleText, visibleValue } from '../../core/outside-text.ts';
import { CapabilityNeeded, InputNeeded } from '../../surface/index.ts';
import { asAppError } from '../surface-failure.ts';
import { checkArguments } from './argument-limits.ts';
import type { AuditEntry, AuditLog } from './audit-log.ts';
import { requireScope } from './scope-policy.ts';
import type { CallContext } from './surface-backend.ts';

export interface GuardDeps {
  readonly log: Log;
  /** Without it nothing is recorded. */
  readonly audit?: AuditLog | undefined;
  readonly tracer?: Tracer | undefined;
}

export interface GuardedSubject {
  readonly kind: 'tool' | 'resource' | 'prompt' | 'completion';
  /** As callers know it: a tool's name, a URI. */
  readonly name: string;
  /** As the record has it: it must not hold arguments, which a URI does. */
  readonly recordedName: string;
  readonly input: unknown;
  readonly call: CallContext;
  /** What it needs; undefined where there is nothing by that name. */
  readonly scope: Scope | undefined;
}

/**
 * Everything that is so for every call, around the call itself: the caller's scope, the size of the arguments, the record,
 * and that no hidden text of whatever the answer is made of gets out. Throws AppError, InputNeeded and CapabilityNeeded alone.
 */
export async function guardedCall<T>(
  deps: GuardDeps,
  subject: GuardedSubject,
  work: (call: CallContext) => Promise<T>,
): Promise<T> {
  const { name, input, call, scope } = subject;
  const startedAt = performance.now();
  let isInputBounded = false;
  const record = (how: Pick<AuditEntry, 'outcome' | 'deniedBy'>): void => {
    deps.audit?.record({
      ...how,
      caller: call.caller,
      origin: call.origin,
      kind: subject.kind,
      name: subject.recordedName,
      input: isInputBounded ? { value: input } : undefined,
      durationMs: performance.now() - startedAt,
    });
  };
  try {
    checkArguments(name, input);
    isInputBounded = true;
    checkArguments(`${name}, as answers to its questions,`, call.retry?.responses);
    requireScope(call.caller, name, scope);
    const answer = visibleValue(await traced(deps, subject, () => work(visibleCall(call))));
    record({ outcome: 'ok', deniedBy: undefined });
    return answer;
  } catch (error) {
    throw recorded(error, { record, name, log: deps.log, signal: call.signal });
  }
}

/** By the conventions of OpenTelemetry for MCP: which tool, never with what. */
function traced<T>(
  { tracer = NO_TRACER }: GuardDeps,
  { kind, recordedName, call }: GuardedSubject,
  work: () => Promise<T>,
): Promise<T> {
  const method = METHODS[kind];
  const attributes = {
    'mcp.method.name': method,
    ...(kind === 'tool' ? { 'gen_ai.tool.name': recordedName, 'gen_ai.operation.name': 'execute_tool' } : {}),
    'network.transport': call.origin?.transport,
  };
  return tracer.span(
    { name: `${method} ${recordedName}`, kind: 'server', parent: call.origin?.traceparent, attributes },
    work,
  );
}

const METHODS: Readonly<Record<GuardedSubject['kind'], string>> = {
  tool: 'tools/call',
  resource: 'resources/read',
  prompt: 'prompts/get',
  completion: 'completion/complete',
};

interface FailedCall {
  readonly record: (how: Pick<AuditEntry, 'outcome' | 'deniedBy'>) => void;
  readonly name: string;
  readonly log: Log;
  readonly signal: AbortSignal;
}

function recorded(error: unknown, { record, name, log, signal }: FailedCall): Error {
  if (error instanceof InputNeeded || error instanceof CapabilityNeeded) {
    record({ outcome: error instanceof InputNeeded ? 'input_required' : 'capability_required', deniedBy: undefined });
    return error;
  }
  const failure = asAppError(error, { subject: name, log, signal });
  const { deniedBy } = failure.details;
  record({ outcome: failure.code, deniedBy: typeof deniedBy === 'string' ? deniedBy : undefined });
  return visibleError(failure);
}

/** The same error, of whose texts only what shows is left. */
export function visibleError(error: AppError): AppError {
  const message = visibleText(error.message);
  const hint = error.hint === undefined ? undefined : visibleText(error.hint);
  if (message === error.message && hint === error.hint) return error;
  const { code, details } = error;
  return new AppError(code, message, { details, cause: error, ...(hint === undefined ? {} : { hint }) });
}

function visibleCall(call: CallContext): CallContext {
  return {
    ...call,
    progress: (done, total, message) => call.progress(done, total, visibleText(message)),
    log: (level, message) => call.log(level, visibleText(message)),
  };
}
