import { redactText } from '../redact.ts';
import type { AssistantMessage, ChatMessage } from './chat-message.ts';
import type { ModelProfile } from './provider-profile.ts';

/** Shorter keys are words, say `none` or `ollama`, that stand in texts for other reasons. */
const MIN_KEY_LENGTH = 8;

export type Redaction = (text: string) => string;

/** Takes secrets out of all that is sent to a model or kept of it: by their looks, and the key of the model itself. */
export function redactionFor({ apiKey }: Pick<ModelProfile, 'apiKey'>): Redaction {
  if (apiKey === undefined || apiKey.length < MIN_KEY_LENGTH) return redactText;
  return (text) => redactText(text.replaceAll(apiKey, '[Redacted]'));
}

export function redactedMessage(message: ChatMessage, redact: Redaction): ChatMessage {
  if (message.role === 'assistant') return redactedAnswer(message, redact);
  return { ...message, content: redact(message.content) };
}

export function redactedAnswer(message: AssistantMessage, redact: Redaction): AssistantMessage {
  const toolCalls = message.toolCalls.map((call) => ({
    callId: redact(call.callId),
    name: redact(call.name),
    arguments: redact(call.arguments),
  }));
  return { ...message, content: redact(message.content), reasoning: redact(message.reasoning), toolCalls };
}
