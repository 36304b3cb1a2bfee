import { LlmBudget } from '../../../src/core/llm/llm-budget.ts';
import type { BudgetLimits } from '../../../src/core/llm/llm-budget.ts';
import { MockModelServer } from '../../../src/core/llm/mock/mock-model-server.ts';
import type { MockScriptInput } from '../../../src/core/llm/mock/mock-script.ts';
import { mockProfile } from '../../../src/core/llm/mock/open-mock-model.ts';
import type { CallContext, ChatModel } from '../../../src/core/llm/model-call.ts';
import { createSilentLog } from '../../../src/core/log.ts';

/** Waits are short, and never by chance. */
export const QUICK = { backoffMs: 4, maxBackoffMs: 40, attemptMs: 2_000, totalMs: 5_000, random: () => 0.5 };

/** 1 US dollar for a million tokens, whatever they are: dollars are tokens, in other digits. */
export const PLAIN_PRICE = { sent: 1, cached: 1, answered: 1 };

export interface Stage extends CallContext {
  readonly server: MockModelServer;
  readonly model: ChatModel;
}

/** Real servers on this machine, one a script, until `close`. */
export class LlmStage {
  readonly #servers: MockModelServer[] = [];

  async play(
    steps: MockScriptInput['steps'],
    options: Omit<MockScriptInput, 'steps'> & {
      readonly limits?: BudgetLimits;
      readonly timing?: ChatModel['timing'];
      readonly signal?: AbortSignal;
    } = {},
  ): Promise<Stage> {
    const { limits, timing, signal = new AbortController().signal, ...script } = options;
    const server = await MockModelServer.start({ price: PLAIN_PRICE, ...script, steps });
    this.#servers.push(server);
    return {
      server,
      model: { profile: mockProfile(server), timing: { ...QUICK, ...timing } },
      budget: new LlmBudget(limits),
      signal,
      log: createSilentLog(),
    };
  }

  async close(): Promise<void> {
    await Promise.all(this.#servers.splice(0).map((server) => server.close()));
  }
}
