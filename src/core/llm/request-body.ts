import type { ChatMessage, ToolWords } from './chat-message.ts';
import { parsedJson } from './loop-tool.ts';
import type { ModelProfile } from './provider-profile.ts';
import { redactedMessage, redactionFor } from './sent-redaction.ts';

/** One question to a model. */
export interface ModelQuestion {
  readonly messages: readonly ChatMessage[];
  readonly tools?: readonly ToolWords[] | undefined;
  readonly form?: AnswerForm | undefined;
  /** Whether it may think before it answers, where that can be chosen; no without it. */
  readonly mayThink?: boolean | undefined;
  /** The profile's without it. */
  readonly maxTokens?: number | undefined;
}

/** Form of an answer: any JSON object, or one that is held to a schema. */
export type AnswerForm =
  | { readonly kind: 'json' }
  | {
      readonly kind: 'schema';
      readonly name: string;
      readonly schema: Readonly<Record<string, unknown>>;
      readonly isStrict: boolean;
    };

/** The request as the protocol wants it, without secrets. The order of fields and tools is stable: providers cache the beginning. */
export function requestBody(profile: ModelProfile, question: ModelQuestion) {
  const { supports, maxTokensField, model } = profile;
  const redact = redactionFor(profile);
  const { messages, tools = [], form, mayThink = false, maxTokens = profile.maxTokens } = question;
  const lastUser = messages.findLastIndex(({ role }) => role === 'user');
  const isEchoed = (at: number): boolean =>
    profile.reasoningEcho === 'always' || (profile.reasoningEcho === 'until_user_turn' && at > lastUser);
  return {
    model,
    messages: messages.map((message, at) => sentMessage(redactedMessage(message, redact), isEchoed(at))),
    ...(tools.length > 0 && { tools: tools.map(sentTool) }),
    ...(form !== undefined && { response_format: sentForm(form) }),
    ...(maxTokensField === 'max_tokens' ? { max_tokens: maxTokens } : { max_completion_tokens: maxTokens }),
    ...(supports.thinking && { thinking: { type: mayThink ? 'enabled' : 'disabled' } }),
    ...(supports.streamUsage && { stream_options: { include_usage: true } }),
    stream: true as const,
  };
}

function sentMessage(message: ChatMessage, isEchoed: boolean) {
  if (message.role === 'tool') {
    return { role: 'tool' as const, tool_call_id: message.callId, content: message.content };
  }
  if (message.role !== 'assistant') return { role: message.role, content: message.content };
  const { content, reasoning, toolCalls } = message;
  if (toolCalls.length === 0) return { role: 'assistant' as const, content };
  return {
    role: 'assistant' as const,
    content,
    ...(isEchoed && { reasoning_content: reasoning }),
    tool_calls: toolCalls.map((call) => ({
      id: call.callId,
      type: 'function' as const,
      function: { name: call.name, arguments: sentArguments(call.arguments) },
    })),
  };
}

/** Servers that render turns by a template fail on arguments that are no JSON, though a model wrote them. */
function sentArguments(text: string): string {
  if (text.trim() === '') return '{}';
  return parsedJson(text) === undefined ? JSON.stringify({ unreadable: text.slice(0, 200) }) : text;
}

function sentTool({ name, description, parameters }: ToolWords) {
  return { type: 'function' as const, function: { name, description, parameters: { ...parameters } } };
}

function sentForm(form: AnswerForm) {
  if (form.kind === 'json') return { type: 'json_object' as const };
  const { name, schema, isStrict } = form;
  return { type: 'json_schema' as const, json_schema: { name, schema: { ...schema }, strict: isStrict } };
}
