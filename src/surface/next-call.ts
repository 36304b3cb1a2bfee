import type { ToolCall } from './tool-directory.ts';

/** More suggestions than these are no help to choose. */
const MAX_NEXT = 3;

/** What an answer suggests to call next, ready to be sent. */
export function nextOf(suggested: readonly ToolCall[] | undefined): readonly ToolCall[] {
  return (suggested ?? []).slice(0, MAX_NEXT);
}

/** The lines that end an answer's text: `next: run_get {"runId":"…"}`. */
export function renderNext(next: readonly ToolCall[] = []): string {
  return next.map((call) => `\nnext: ${call.tool} ${JSON.stringify(call.arguments)}`).join('');
}
