import { AppError } from '../../core/errors.ts';
import { estimateTokens } from '../../core/token-estimate.ts';
import { renderNext } from '../../surface/index.ts';
import type { Tool, ToolAnswer } from '../../surface/index.ts';
import { FENCE_TOKENS } from './text-fence.ts';

/** What an answer may cost its reader when the call does not say how much it wants. */
export const DEFAULT_ANSWER_TOKENS = 8_000;
/** Hosts refuse answers not far above this. */
export const MAX_ANSWER_TOKENS = 20_000;
/** No text costs more than this: what is short enough need not be measured. */
const MAX_TOKENS_PER_CHARACTER = 2;
/** A call that gives one of these says how much it wants. */
const SIZE_FIELDS = ['limit', 'budget', 'detail'] as const;
/** Fields below this many tokens are never what makes an answer too large; a cursor is one of them. */
const SMALL_FIELD = 1_000;

/** The call that was answered. */
export interface AnsweredCall {
  readonly tool: Tool;
  readonly input: unknown;
}

/**
 * An answer that its reader can afford. Text beyond the limit is cut at a line's end, and says so; of structured content
 * that is too large optional fields are left out, and named. Throws `limit_reached` where that is not enough.
 */
export function boundedAnswer(answer: ToolAnswer, call: AnsweredCall): ToolAnswer {
  const { structured, omitted } = boundedStructured(answer, call);
  const embedded = (answer.attachments ?? []).map((block) =>
    block.type === 'resource' && 'text' in block.resource ? block.resource.text : '',
  );
  if (tokensOf(embedded.join('\n'), MAX_ANSWER_TOKENS) > MAX_ANSWER_TOKENS) throw tooLarge(call);
  return { ...answer, text: boundedText(answer, call, omitted), structured };
}

function boundedText({ text, next }: ToolAnswer, call: AnsweredCall, omitted: readonly string[]): string {
  const end = renderNext(next);
  const body = text.endsWith(end) ? text.slice(0, text.length - end.length) : text;
  const maxTokens = (saysHowMuch(call) ? MAX_ANSWER_TOKENS : DEFAULT_ANSWER_TOKENS) - FENCE_TOKENS;
  const lines = omitted.length === 0 ? [] : [`left out of the structured answer, too large: ${omitted.join(', ')}`];
  const tokens = tokensOf(body, maxTokens);
  if (tokens <= maxTokens) return [body, ...lines].join('\n') + end;
  const kept = untilLineEnd(body, Math.floor((body.length * maxTokens) / tokens));
  const rest = body.slice(kept.length);
  const lineCount = rest.split('\n').filter((line) => line !== '').length;
  const cut = `… cut: ${lineCount} more ${lineCount === 1 ? 'line' : 'lines'} (${rest.length} characters). ${howToGetTheRest(call)}`;
  return [kept, cut, ...lines].join('\n') + end;
}

/** The longest beginning that ends with a line; of one endless line a part. */
function untilLineEnd(text: string, maxLength: number): string {
  const end = text.lastIndexOf('\n', maxLength);
  if (end > 0) return text.slice(0, end);
  return text.slice(0, maxLength).replace(/[\uD800-\uDBFF]$/, '');
}

function boundedStructured({ structured }: ToolAnswer, call: AnsweredCall) {
  const texts = Object.entries(structured).map(([name, value]) => ({ name, text: JSON.stringify(value) ?? '' }));
  if (texts.reduce((sum, { text }) => sum + atMostTokens(text), 0) <= MAX_ANSWER_TOKENS)
    return { structured, omitted: [] };
  const sizes = texts.map(({ name, text }) => ({ name, size: tokensOf(text) }));
  let total = sizes.reduce((sum, { size }) => sum + size, 0);
  const kept = { ...structured };
  const omitted: string[] = [];
  for (const { name, size } of sizes.toSorted((one, other) => other.size - one.size)) {
    if (total <= MAX_ANSWER_TOKENS) break;
    if (size < SMALL_FIELD) throw tooLarge(call);
    total -= size;
    delete kept[name];
    omitted.push(name);
  }
  if (omitted.length > 0 && !call.tool.output.safeParse(kept).success) throw tooLarge(call);
  return { structured: kept, omitted };
}

function tooLarge(call: AnsweredCall): AppError {
  const done = call.tool.effect === 'read' ? '' : ' What it does is done.';
  const message = `The answer of ${call.tool.name} is larger than ${MAX_ANSWER_TOKENS} tokens.${done}`;
  return new AppError('limit_reached', message, { hint: howToGetTheRest(call) });
}

function atMostTokens(text: string): number {
  return text.length * MAX_TOKENS_PER_CHARACTER;
}

/** Measured, which costs more than making most answers does, only where it may be more than `enough`; else rounded up roughly. */
function tokensOf(text: string, enough = SMALL_FIELD): number {
  const atMost = atMostTokens(text);
  return atMost <= enough ? atMost : estimateTokens(text);
}

function saysHowMuch({ tool, input }: AnsweredCall): boolean {
  if (typeof input !== 'object' || input === null) return false;
  return SIZE_FIELDS.some((field) => Object.hasOwn(tool.input.shape, field) && Object.hasOwn(input, field));
}

function howToGetTheRest(call: AnsweredCall): string {
  const { name, input } = call.tool;
  const has = (field: string): boolean => Object.hasOwn(input.shape, field);
  const detail = has('detail') ? ' and detail concise' : '';
  if (has('limit') && has('cursor')) return `Call ${name} with a lower limit${detail}, and go on with its cursor.`;
  if (has('limit')) return `Call ${name} with a lower limit${detail}.`;
  if (has('budget')) return `Call ${name} with a lower budget.`;
  return has('detail') ? `Call ${name} with detail concise.` : `Ask ${name} for less: something narrower.`;
}
