import type { MockStep } from './mock-script.ts';

/** The pieces in which a model sends its answer, by the protocol of OpenAI, each the text of one event. */
export function mockEvents(step: MockStep, at: number): string[] {
  const { message, reasoning, refusal, toolCalls, chunkLength, usage, noChoices } = step;
  const head = { id: `mock-${at}`, object: 'chat.completion.chunk', created: 0, model: 'mock' };
  const event = (delta: unknown, finish: string | null = null): string =>
    JSON.stringify({ ...head, choices: [{ index: 0, delta, finish_reason: finish }] });
  const usageEvent = usage && {
    prompt_tokens: usage.sent,
    completion_tokens: usage.answered,
    total_tokens: usage.sent + usage.answered,
    prompt_cache_hit_tokens: usage.cached,
  };
  const last = usageEvent === undefined ? [] : [JSON.stringify({ ...head, choices: [], usage: usageEvent })];
  if (noChoices) return [JSON.stringify({ ...head, choices: [] }), ...last];
  return [
    event({ role: 'assistant', content: '' }),
    ...pieces(reasoning, chunkLength).map((text) => event({ reasoning_content: text })),
    ...pieces(message, chunkLength).map((text) => event({ content: text })),
    ...(refusal === undefined ? [] : [event({ refusal })]),
    ...toolCalls.flatMap((call, index) => callEvents(call, { index, at, chunkLength }).map((delta) => event(delta))),
    event({}, step.finishReason ?? (toolCalls.length > 0 ? 'tool_calls' : 'stop')),
    ...last,
  ];
}

function callEvents(
  { id, name, args }: MockStep['toolCalls'][number],
  { index, at, chunkLength }: { readonly index: number; readonly at: number; readonly chunkLength: number },
): unknown[] {
  const text = typeof args === 'string' ? args : JSON.stringify(args);
  const delta = (call: unknown): unknown => ({ tool_calls: [call] });
  return [
    delta({ index, id: id ?? `mock_${at}_${index}`, type: 'function', function: { name, arguments: '' } }),
    ...pieces(text, chunkLength).map((part) => delta({ index, function: { arguments: part } })),
  ];
}

function pieces(text: string, length: number): string[] {
  return Array.from({ length: Math.ceil(text.length / length) }, (_, at) => text.slice(at * length, (at + 1) * length));
}
