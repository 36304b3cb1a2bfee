import { AppError } from '../../core/errors.ts';
import type { Tool, ToolAnswer } from '../../surface/index.ts';
import type { AuditEntry, AuditLog } from '../mcp/audit-log.ts';
import type { CallContext } from '../mcp/surface-backend.ts';
import { dispatch, runDispatched } from './tool-dispatch.ts';
import type { DispatchDeps, DispatchedCall } from './tool-dispatch.ts';

export interface RecordedCallDeps extends DispatchDeps {
  /** Where calls are recorded that get no further; those that do are recorded by who runs them. */
  readonly audit?: AuditLog | undefined;
  /** Looks at the tool before it runs; throws where the caller can't have it run. */
  readonly admit?: (tool: Tool) => void;
}

export interface NamedCall {
  readonly name: string;
  readonly input: unknown;
  readonly call: CallContext;
}

/** A call by name from outside, whatever it came by: dispatched, run, and recorded where nobody else does. Throws as both do. */
export async function recordedCall(
  deps: RecordedCallDeps,
  named: NamedCall,
): Promise<{ readonly dispatched: DispatchedCall; readonly answer: ToolAnswer }> {
  const { access, audit, admit } = deps;
  const dispatched = recordingDenial({ audit, named }, () => dispatch(access, named.name, named.input));
  const { tool } = dispatched;
  admit?.(tool);
  const run = (): Promise<ToolAnswer> => runDispatched(deps, dispatched, named.call);
  const own = { audit, named: { ...named, name: tool.name } };
  return { dispatched, answer: await (tool.aboutTools === undefined ? run() : recordingAnswer(own, run)) };
}

interface OwnRecord {
  readonly audit: AuditLog | undefined;
  readonly named: NamedCall;
}

function recordingDenial<T>(record: OwnRecord, work: () => T): T {
  try {
    return work();
  } catch (error) {
    recordFailure({ ...record, named: { ...record.named, input: undefined } }, error, 0);
    throw error;
  }
}

/** Tools about tools are answered here: nobody else records them. */
async function recordingAnswer<T>(record: OwnRecord, work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  try {
    const answer = await work();
    recordHere(record, { outcome: 'ok', deniedBy: undefined, durationMs: performance.now() - startedAt });
    return answer;
  } catch (error) {
    recordFailure(record, error, performance.now() - startedAt);
    throw error;
  }
}

function recordFailure(record: OwnRecord, error: unknown, durationMs: number): void {
  if (!(error instanceof AppError)) return;
  const { deniedBy } = error.details;
  recordHere(record, {
    outcome: error.code,
    deniedBy: typeof deniedBy === 'string' ? deniedBy : undefined,
    durationMs,
  });
}

function recordHere(
  { audit, named: { call, name, input } }: OwnRecord,
  how: Pick<AuditEntry, 'outcome' | 'deniedBy' | 'durationMs'>,
): void {
  const { caller, origin } = call;
  audit?.record({
    caller,
    origin,
    kind: 'tool',
    name,
    input: input === undefined ? undefined : { value: input },
    ...how,
  });
}
