import type { PatchModel } from './agent/index.ts';
import { createModelPatcher } from './agent/agent-runtime.ts';
import type { Config } from './core/config/index.ts';
import { AppError } from './core/errors.ts';
import { LlmBudget, openModel, runToolLoop } from './core/llm/llm-runtime.ts';
import type { OpenedModel } from './core/llm/index.ts';
import type { Log } from './core/log.ts';
import type { GraphService } from './graph/index.ts';

/** For one finding. */
const MAX_STEPS = 20;
const MAX_TOOL_CALLS = 60;
const MAX_WALL_MS = 10 * 60_000;

export interface PatchModelDeps {
  readonly config: Config;
  readonly log: Log;
  readonly graph: GraphService;
}

export interface OpenedPatchModel {
  readonly model: PatchModel | undefined;
  close(): Promise<void>;
}

/** The configured model as what mends findings. One that lacks its key is said in the log, and nothing is asked. */
export async function openPatchModel({ config, log, graph }: PatchModelDeps): Promise<OpenedPatchModel> {
  const chat = await openConfigured(config, log);
  if (chat === undefined) return { model: undefined, close: async () => {} };
  for (const warning of chat.warnings) log.warn({ warning }, 'the model is not as configured');
  const { files: maxFiles, diffLines: maxDiffLines } = config.services.agent.budgets;
  const perFinding = { steps: MAX_STEPS, toolCalls: MAX_TOOL_CALLS, wallMs: MAX_WALL_MS };
  const model = createModelPatcher({
    model: chat,
    budgetOf: (left) => new LlmBudget({ ...perFinding, ...left }),
    log,
    runLoop: runToolLoop,
    graph,
    guard: { maxFiles, maxDiffLines },
  });
  return { model, close: () => chat.close() };
}

async function openConfigured({ ai }: Config, log: Log): Promise<OpenedModel | undefined> {
  try {
    return await openModel(ai);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'not_configured') throw error;
    log.warn({ reason: error.message, hint: error.hint }, 'no model can be asked');
    return undefined;
  }
}
