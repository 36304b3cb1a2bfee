import { AppError, messageOf } from '../errors.ts';
import type { Log } from '../log.ts';
import { visibleText } from '../outside-text.ts';
import { withJoined } from '../joined-signal.ts';
import type { ChatMessage, ToolCall } from './chat-message.ts';
import type { LlmBudget } from './llm-budget.ts';
import { runToolCall } from './loop-tool.ts';
import type { LoopTool, ToolEnd } from './loop-tool.ts';
import { RepetitionWatch } from './repetition-watch.ts';
import type { Redaction } from './sent-redaction.ts';
import { stopped } from './stop-reason.ts';
import type { Stopped } from './stop-reason.ts';

export interface ToolTurnDeps {
  readonly tools: readonly LoopTool[];
  readonly budget: LlmBudget;
  readonly signal: AbortSignal;
  readonly log: Log;
  readonly redact: Redaction;
}

export interface ToolTurnResult {
  readonly messages: readonly ChatMessage[];
  readonly end: 'next' | 'finished' | Stopped;
  /** No call could be run. */
  readonly isMalformed: boolean;
}

const MAX_RESULT = 20_000;
const MAX_TIMER_MS = 2_147_483_647;

/** Runs the calls of a turn, one after the other in their order: a later one may rest on what one before it did. */
export class ToolTurn {
  readonly #deps: ToolTurnDeps;
  readonly #watch = new RepetitionWatch();

  constructor(deps: ToolTurnDeps) {
    this.#deps = deps;
  }

  /** Each call is answered by a message, as the protocol demands, unless the turn is the last one. */
  async run(calls: readonly ToolCall[]): Promise<ToolTurnResult> {
    const messages: ChatMessage[] = [];
    let isMalformed = true;
    for (const call of calls) {
      const noCall = this.#deps.budget.takeToolCall();
      if (noCall !== undefined) return { messages, end: noCall, isMalformed: false };
      const ended = await this.#runOne(call);
      if (!('text' in ended)) return { messages, end: ended, isMalformed: false };
      const content = this.#shown(ended.text);
      messages.push({ role: 'tool', callId: this.#deps.redact(call.callId), content });
      if (ended.kind === 'final') return { messages, end: 'finished', isMalformed: false };
      isMalformed &&= ended.kind === 'malformed';
      if (ended.kind !== 'malformed' && this.#isRepeated(call, content))
        return { messages, end: loopStop(call), isMalformed };
    }
    return { messages, end: 'next', isMalformed };
  }

  async #runOne(call: ToolCall): Promise<ToolEnd | Stopped> {
    const { tools, signal, budget, log } = this.#deps;
    const timeoutMs = Math.min(MAX_TIMER_MS, budget.remainingMs);
    try {
      const ended = await withJoined({ signals: [signal], timeoutMs }, async (joined) =>
        runToolCall(call, { tools, signal: joined }),
      );
      log.debug({ tool: call.name, end: ended.kind }, 'the model called a tool');
      if (!signal.aborted) return ended;
    } catch (error) {
      log.debug({ tool: call.name, problem: messageOf(error) }, 'a tool of the model was cancelled');
    }
    if (!signal.aborted) return budget.wallStop();
    return stopped('cancelled', new AppError('cancelled', `The tool \`${call.name}\` was cancelled.`));
  }

  #shown(text: string): string {
    const whole = this.#deps.redact(visibleText(text));
    if (whole.length <= MAX_RESULT) return whole;
    return `${whole.slice(0, MAX_RESULT)}\n[Cut: ${MAX_RESULT} of ${whole.length} characters are shown; ask for less.]`;
  }

  #isRepeated(call: ToolCall, answer: string): boolean {
    const tool = this.#deps.tools.find(({ name }) => name === call.name);
    return tool?.mayRepeat !== true && this.#watch.isRepeated({ ...call, answer });
  }
}

function loopStop({ name }: ToolCall): Stopped {
  const message = `The model went round in circles: \`${name.slice(0, 100)}\` was called with the same arguments and gave the same answer.`;
  return stopped(
    'loop_detected',
    new AppError('upstream_failed', message, { hint: 'Use another model, or another task.' }),
  );
}
