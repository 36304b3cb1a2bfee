import type { Checkout } from '../../checkouts/index.ts';
import type { ChatModel, LlmBudget, ToolLoopRequest, ToolLoopResult } from '../../core/llm/index.ts';
import type { Log } from '../../core/log.ts';
import type { FixTarget } from '../../fixers/index.ts';
import type { GraphService } from '../../graph/index.ts';
import type { Asking, ModelFix, ModelLimits, PatchModel } from '../heal-ports.ts';
import type { GuardRules } from '../verify/guard/guard-rules.ts';
import { graphTools } from './graph-tools.ts';
import { PATCH_SYSTEM, patchQuestion } from './patch-prompt.ts';
import { readingTools } from './reading-tools.ts';
import { submissionTool } from './submission-tool.ts';
import type { Submission } from './submission-tool.ts';

export interface ModelPatcherDeps {
  readonly model: ChatModel;
  /** One for each patch, of what is left to spend. */
  readonly budgetOf: (limits: ModelLimits) => LlmBudget;
  readonly log: Log;
  /** `runToolLoop`. Handed in, for it loads the client of models, which most commands never need. */
  readonly runLoop: (request: ToolLoopRequest) => Promise<ToolLoopResult>;
  /** Absent: the model reads files alone. */
  readonly graph?: Pick<GraphService, 'search' | 'trace'> | undefined;
  /** How large a patch may be, beyond what is refused in any. */
  readonly guard?: GuardRules | undefined;
}

const MAX_REASON = 2_000;

/**
 * A model that mends findings with its own reading of the checkout, and one tool to change it. What it hands in fitted and was let pass
 * by the guard, no more: whether it is right, verification says. Throws for what the checkout throws, not for what a model does.
 */
export function createModelPatcher(deps: ModelPatcherDeps): PatchModel {
  const { provider, model: name } = deps.model.profile;
  return {
    provider,
    name,
    patch: (target, checkout, asking) => patch(deps, { target, checkout, ...asking }),
  };
}

async function patch(
  { model, budgetOf, log, runLoop, graph, guard = {} }: ModelPatcherDeps,
  { target, checkout, root, limits, signal }: Asking & { readonly target: FixTarget; readonly checkout: Checkout },
): Promise<ModelFix> {
  const submitted: Submission[] = [];
  const tools = [
    ...readingTools(checkout),
    ...(graph === undefined ? [] : graphTools(graph, root)),
    submissionTool(checkout, { guard, onSubmitted: (submission) => submitted.push(submission) }),
  ];
  const budget = budgetOf(limits);
  const loop = { model, budget, log, signal, system: PATCH_SYSTEM, user: patchQuestion(target), tools };
  const result = await runLoop(loop);
  const { stopReason, spent, transcript } = result;
  log.info(
    { rule: target.rule, stopReason, ...spent, hasPatch: submitted.length > 0 },
    'a model was asked for a patch',
  );
  // A cancelled run hands nothing on, though its model may have been done.
  signal.throwIfAborted();
  return { ...fixOf(submitted[0], result), ...spent, transcript };
}

function fixOf(
  submission: Submission | undefined,
  result: ToolLoopResult,
): Pick<ModelFix, 'edits' | 'title' | 'reason'> {
  if (submission !== undefined) {
    const { edits, title, explanation } = submission;
    return { edits, title, reason: explanation };
  }
  const { stopReason, problem, text } = result;
  const reason = problem === undefined ? text : `${stopReason}: ${problem}`;
  return { edits: [], title: '', reason: reason.slice(0, MAX_REASON) };
}
