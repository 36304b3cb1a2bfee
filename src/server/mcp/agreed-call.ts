import { z } from 'zod';
import { planSchema } from '../../surface/index.ts';
import type { ToolAnswer } from '../../surface/index.ts';
import type { CallContext, SurfaceBackend } from './surface-backend.ts';

export interface AgreedCall {
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly call: CallContext;
}

const plannedSchema = z.object({ plan: planSchema.optional() });

/**
 * A call that was agreed to by the very act that made it: a command that a person typed, a method of the protocol. Where
 * the tool answers with a plan, the plan is carried out.
 */
export async function agreedCall(backend: SurfaceBackend, { tool, input, call }: AgreedCall): Promise<ToolAnswer> {
  const { caller } = call;
  const quiet = { ...call, caller: { ...caller, can: { ...caller.can, form: false } } };
  const answer = await backend.callTool(tool, input, quiet);
  const planId = plannedSchema.safeParse(answer.structured).data?.plan?.planId;
  return planId === undefined ? answer : backend.callTool(tool, { ...input, planId }, quiet);
}
