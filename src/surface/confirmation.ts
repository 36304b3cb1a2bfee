import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Approval } from '../core/approval.ts';
import { AppError } from '../core/errors.ts';
import { askForm } from './asking.ts';
import type { AskingContext } from './asking.ts';

/** What a call would do, for somebody to agree to before it is done. */
export const planSchema = z.object({
  action: z.string().describe('What would be done.'),
  planId: z.string().describe('To be given with the same call, to have it done.'),
  expiresAt: z.string().describe('Until when; ISO 8601.'),
});
export type Plan = z.infer<typeof planSchema>;

/** The output field of a tool that destroys. */
export const planField = planSchema.optional().describe('Set when nothing was done yet.');

/** The input field of a tool that destroys. */
export const planIdField = z.string().min(1).max(400).optional().describe('Does what an earlier answer has as `plan`.');

/** Plans of one tool and one caller. */
export interface Plans {
  create(action: string): Plan;
  /** Whether the id was given to this caller for this action, not too long ago. */
  isFor(action: string, planId: string): boolean;
}

export interface Confirmation {
  /**
   * A sentence without its full stop that begins with a verb and names all that is lost: "Delete 12 runs that …". What is
   * agreed to is this sentence; when it has become another meanwhile, the question is put anew.
   */
  readonly action: string;
  readonly planId: string | undefined;
}

/**
 * Has somebody agree before anything is destroyed. `asked`: by a form where the client shows them, else by a plan, which
 * the caller gives back. `planned`: by a plan, and by a form besides where the client shows them. `presumed`: nobody is
 * asked. Undefined once agreed; a plan is to be answered, with nothing done. Throws `cancelled` when a person declines, and
 * `conflict` for an id that is not, or no longer, of this action.
 */
export async function confirm(
  context: Pick<AskingContext, 'ask' | 'caller'> & { readonly plans: Plans; readonly approval: Approval },
  { action, planId }: Confirmation,
): Promise<Plan | undefined> {
  const { plans, approval, caller } = context;
  if (planId !== undefined) assertPlan(plans, action, planId);
  if (approval === 'presumed') return undefined;
  const isAsked = caller.can.form;
  if (planId === undefined && (approval === 'planned' || !isAsked)) return plans.create(action);
  if (planId !== undefined && (approval === 'asked' || !isAsked)) return undefined;
  const key = `confirm_${createHash('sha256').update(action).digest('hex').slice(0, 16)}`;
  const answer = await askForm(context, { key, message: `${action}?`, fields: z.object({}) });
  if (answer.action === 'accept') return undefined;
  throw new AppError('cancelled', `Not agreed to: ${action}. Nothing was done.`, {
    hint: 'Go on without it; ask the person what they want instead.',
  });
}

function assertPlan(plans: Plans, action: string, planId: string): void {
  if (plans.isFor(action, planId)) return;
  throw new AppError('conflict', `That plan does not stand for what would be done now: ${action}. Nothing was done.`, {
    hint: 'Call again without planId for a new plan: the facts have changed since, or the plan is too old.',
  });
}

/** A plan as text that stands on its own. */
export function renderPlan(tool: string, { action, planId, expiresAt }: Plan): string {
  const until = `until ${expiresAt.slice(0, 16)}Z`;
  return `nothing was done yet. Planned: ${action}.\nWhen the user agrees, call ${tool} again with the same input and this planId (${until}): ${planId}`;
}
