import { AppError } from '../../core/errors.ts';
import type { Tool, ToolAnswer } from '../../surface/index.ts';
import { firstOf } from '../mcp/first-of.ts';
import { checkInput } from '../mcp/input-problem.ts';
import { withJoined } from '../../core/joined-signal.ts';
import type { CallContext, SurfaceBackend } from '../mcp/surface-backend.ts';
import type { ToolAccess } from './tool-access.ts';

/** Hosts give up on a call after 60 s and less; what is not done by now belongs into a run. */
export const ANSWER_DEADLINE_MS = 18_000;

/** A call as it is to be made: of the tool itself, by its present name. */
export interface DispatchedCall {
  readonly tool: Tool;
  readonly input: unknown;
}

/**
 * What a call by name stands for, if the caller may make it. Every way in comes through here: what the policy forbids gets
 * no further, under whatever name. Throws `not_found`, `permission_denied`, and `invalid_input` for a call in a call that
 * is none.
 */
export function dispatch(access: ToolAccess, name: string, input: unknown): DispatchedCall {
  const tool = access.get(name);
  if (tool.aboutTools?.kind !== 'stands_for') return { tool, input };
  checkInput({ name: tool.name, schema: tool.input.strict() }, input);
  const call = tool.aboutTools.callOf(input);
  const target = access.get(call.tool);
  if (target.aboutTools?.kind !== 'stands_for') return { tool: target, input: call.arguments };
  throw new AppError('invalid_input', `${tool.name} runs other tools, and not ${target.name}.`, {
    hint: 'Name the tool that is to run.',
  });
}

export interface DispatchDeps {
  readonly access: ToolAccess;
  readonly backend: SurfaceBackend;
  /** Without it a call takes as long as it takes. */
  readonly deadlineMs?: number | undefined;
}

/** Runs a dispatched call. Throws what the tool throws, and `timed_out` after the deadline, with the tool's signal aborted. */
export async function runDispatched(
  { access, backend, deadlineMs }: DispatchDeps,
  { tool, input }: DispatchedCall,
  call: CallContext,
): Promise<ToolAnswer> {
  if (tool.aboutTools?.kind === 'answers') {
    checkInput({ name: tool.name, schema: tool.input.strict() }, input);
    return tool.aboutTools.answer(input, access);
  }
  if (deadlineMs === undefined) return backend.callTool(tool.name, input, call);
  const { outcome, isOver } = await withJoined({ signals: [call.signal], timeoutMs: deadlineMs }, async (signal) => ({
    outcome: await firstOf(settled(backend.callTool(tool.name, input, { ...call, signal })), signal),
    isOver: signal.aborted,
  }));
  if (outcome?.kind === 'answered') return outcome.answer;
  call.signal.throwIfAborted();
  // A tool that heeds its signal fails because of the deadline.
  if (outcome === undefined || isOver) throw tooSlow(tool, access.runStartersBeside(tool), deadlineMs);
  throw outcome.error;
}

type Outcome =
  | { readonly kind: 'answered'; readonly answer: ToolAnswer }
  | { readonly kind: 'failed'; readonly error: unknown };

/** Never rejects: what fails after the deadline has nobody to tell. */
function settled(work: Promise<ToolAnswer>): Promise<Outcome> {
  return work.then(
    (answer) => ({ kind: 'answered', answer }) as const,
    (error: unknown) => ({ kind: 'failed', error }) as const,
  );
}

function tooSlow(tool: Tool, starters: readonly string[], deadlineMs: number): AppError {
  const less = 'Ask for less: a lower limit, a narrower path.';
  const repeat = tool.effect === 'read' ? '' : ' It may or may not have taken effect: look before you call it again.';
  const run = starters.length === 0 ? '' : ` Long work belongs into a run: ${starters.join(', ')}.`;
  return new AppError('timed_out', `${tool.name} gave no answer within ${deadlineMs / 1000} s and was stopped.`, {
    hint: `${less}${run}${repeat}`,
  });
}
