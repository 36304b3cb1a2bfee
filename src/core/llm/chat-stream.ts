import { z } from 'zod';
import { estimateTokens } from '../token-estimate.ts';
import type { TokenUsage, ToolCall } from './chat-message.ts';

/** Puts the pieces of a streamed answer together. */

const count = z.number().int().nonnegative();

const usageSchema = z.object({
  prompt_tokens: count,
  completion_tokens: count,
  prompt_cache_hit_tokens: count.nullish(),
  prompt_tokens_details: z.object({ cached_tokens: count.nullish() }).nullish(),
});

const deltaSchema = z.object({
  content: z.string().nullish(),
  reasoning_content: z.string().nullish(),
  refusal: z.string().nullish(),
  tool_calls: z
    .array(
      z.object({
        index: z.number().int().nonnegative().nullish(),
        id: z.string().nullish(),
        function: z.object({ name: z.string().nullish(), arguments: z.string().nullish() }).nullish(),
      }),
    )
    .nullish(),
});

const chunkSchema = z.object({
  choices: z.array(z.object({ delta: deltaSchema.nullish(), finish_reason: z.string().nullish() })).nullish(),
  usage: usageSchema.nullish(),
});

/** Text is measured in pieces of this length: measuring all of it anew with each chunk would be quadratic. */
const MEASURED_LENGTH = 256;
const MAX_TOOL_CALLS = 64;

interface CallParts {
  id: string;
  name: string;
  text: string;
}

/** The answer of one attempt, as far as it has come. */
export class ChatStream {
  readonly #calls = new Map<number, CallParts>();
  #content = '';
  #reasoning = '';
  #refusal = '';
  #finishReason: string | undefined;
  #usage: TokenUsage | undefined;
  #isEmpty = true;
  #unmeasured = '';
  #measured = 0;

  /** Throws a SyntaxError for a piece of another form. */
  add(chunk: unknown): void {
    const parsed = chunkSchema.safeParse(chunk);
    if (!parsed.success)
      throw new SyntaxError(`a piece of another form: ${z.prettifyError(parsed.error).slice(0, 300)}`);
    const { choices, usage } = parsed.data;
    if (usage !== undefined && usage !== null) this.#usage = usageOf(usage);
    const choice = choices?.[0];
    if (choice === undefined) return;
    this.#isEmpty = false;
    this.#finishReason = choice.finish_reason ?? this.#finishReason;
    this.#addDelta(choice.delta ?? {});
  }

  /** Nothing was answered, not even an empty text. */
  get isEmpty(): boolean {
    return this.#isEmpty;
  }

  /** Absent while the answer is not complete. */
  get finishReason(): string | undefined {
    return this.#finishReason;
  }

  get content(): string {
    return this.#content;
  }

  get reasoning(): string {
    return this.#reasoning;
  }

  /** Why the model would not answer; empty where it did. */
  get refusal(): string {
    return this.#refusal;
  }

  get usage(): TokenUsage | undefined {
    return this.#usage;
  }

  /** Tokens of what has come so far, estimated. */
  get answeredTokens(): number {
    return this.#measured + estimateTokens(this.#unmeasured);
  }

  /** In the order in which they began. Ids that are missing or given twice are replaced: answers are told apart by them. */
  toolCalls(turn: string): ToolCall[] {
    const seen = new Set<string>();
    return [...this.#calls.values()].map(({ id, name, text }, at) => {
      const callId = id === '' || seen.has(id) ? `call_${turn}_${at}` : id;
      seen.add(callId);
      return { callId, name, arguments: text };
    });
  }

  #addDelta(delta: z.infer<typeof deltaSchema>): void {
    const [content = '', reasoning = '', refusal = ''] = [delta.content, delta.reasoning_content, delta.refusal].map(
      (text) => text ?? '',
    );
    this.#content += content;
    this.#reasoning += reasoning;
    this.#refusal += refusal;
    this.#measure(`${content}${reasoning}${refusal}`);
    for (const call of delta.tool_calls ?? []) this.#addCall(call);
  }

  #addCall(call: NonNullable<z.infer<typeof deltaSchema>['tool_calls']>[number]): void {
    const parts = this.#partsOf(call);
    const { name, arguments: text } = { ...call.function };
    parts.id ||= call.id ?? '';
    parts.name ||= name ?? '';
    parts.text += text ?? '';
    this.#measure(`${name ?? ''}${text ?? ''}`);
  }

  /** Some servers leave the index out: then a call with an id of its own is a new one. */
  #partsOf({
    index,
    id,
  }: {
    readonly index?: number | null | undefined;
    readonly id?: string | null | undefined;
  }): CallParts {
    const last = this.#calls.size - 1;
    const isNew = id !== undefined && id !== null && id !== '' && this.#calls.get(last)?.id !== id;
    const at = index ?? Math.max(0, isNew ? last + 1 : last);
    const known = this.#calls.get(at);
    if (known !== undefined) return known;
    if (this.#calls.size >= MAX_TOOL_CALLS)
      throw new SyntaxError(`more than ${MAX_TOOL_CALLS} calls of tools in one answer`);
    const parts = { id: '', name: '', text: '' };
    this.#calls.set(at, parts);
    return parts;
  }

  #measure(text: string): void {
    this.#unmeasured += text;
    if (this.#unmeasured.length < MEASURED_LENGTH) return;
    this.#measured += estimateTokens(this.#unmeasured);
    this.#unmeasured = '';
  }
}

function usageOf(usage: z.infer<typeof usageSchema>): TokenUsage {
  const cached = usage.prompt_cache_hit_tokens ?? usage.prompt_tokens_details?.cached_tokens ?? 0;
  return { sent: usage.prompt_tokens, cached, answered: usage.completion_tokens };
}
