import type { TranscriptAnswer, TranscriptMessage } from './transcript-schema.ts';

/** A conversation as text: who said it, then what, then the calls of tools, a line each. */
export function renderTranscript({
  taskId,
  attempt,
  model,
  outcome,
  reason,
  messages,
  total,
  nextCursor,
}: TranscriptAnswer): string {
  const head = `attempt ${attempt} at task ${taskId} by ${model ?? 'a model'}: ${outcome ?? 'goes on'}`;
  const more = nextCursor === undefined ? [] : [`${messages.length} of ${total} messages, more: cursor=${nextCursor}`];
  return [head, ...(reason === undefined ? [] : [reason]), ...messages.map(renderMessage), ...more].join('\n');
}

function renderMessage({ number, role, content, reasoning, calls = [] }: TranscriptMessage): string {
  return [
    '',
    `${number} ${role}`,
    ...(reasoning === undefined ? [] : [`(thought) ${reasoning}`]),
    ...(content === '' ? [] : [content]),
    ...calls.map((call) => `→ ${call.name} ${call.arguments}`),
  ].join('\n');
}
