import { randomBytes } from 'node:crypto';
import { renderNext } from '../../surface/index.ts';
import type { ToolAnswer } from '../../surface/index.ts';

/** Enough that nobody guesses it for one answer, and cheap to read. */
const NONCE_BYTES = 4;
/** What a fence costs at most. */
export const FENCE_TOKENS = 40;

export interface FencedText {
  readonly text: string;
  readonly nonce: string;
}

/**
 * The text of an answer between marks that say where it comes from; what suggests the next calls is ours and stays outside.
 * Text from outside can't end its fence: it does not know the nonce of the answer that it will be part of. (Delimiting, as
 * in Hines et al. 2024, Defending Against Indirect Prompt Injection Attacks With Spotlighting.)
 */
export function fenced({ text, next }: Pick<ToolAnswer, 'text' | 'next'>, source: string): FencedText {
  const nonce = randomBytes(NONCE_BYTES).toString('hex');
  const { body, end } = parts(text, next);
  return { nonce, text: `[${source}, ${nonce}]\n${body}\n[/${nonce}]${end}` };
}

/** The text as it was before. */
export function unfenced({ text, next }: Pick<ToolAnswer, 'text' | 'next'>, nonce: string): string {
  const { body, end } = parts(text, next);
  const close = `\n[/${nonce}]`;
  const start = body.indexOf(`, ${nonce}]\n`);
  if (start < 0 || !body.endsWith(close)) return text;
  return body.slice(start + nonce.length + 4, body.length - close.length) + end;
}

function parts(text: string, next: ToolAnswer['next']): { readonly body: string; readonly end: string } {
  const end = renderNext(next);
  return text.endsWith(end) ? { body: text.slice(0, text.length - end.length), end } : { body: text, end: '' };
}
