/** What is said between a program and a model, in no provider's own form. */

export interface ToolCall {
  readonly callId: string;
  readonly name: string;
  /** JSON as the model wrote it: it may be none. */
  readonly arguments: string;
}

export type ChatMessage =
  | { readonly role: 'system' | 'user'; readonly content: string }
  | AssistantMessage
  | { readonly role: 'tool'; readonly callId: string; readonly content: string };

export interface AssistantMessage {
  readonly role: 'assistant';
  readonly content: string;
  /** What it thought before; empty where it does not say. */
  readonly reasoning: string;
  readonly toolCalls: readonly ToolCall[];
}

/** Tokens of a call. Those that came from the provider's cache are part of those that were sent. */
export interface TokenUsage {
  readonly sent: number;
  readonly cached: number;
  readonly answered: number;
}

/** A tool as a model is told of it. */
export interface ToolWords {
  readonly name: string;
  readonly description: string;
  /** JSON schema of its arguments. */
  readonly parameters: Readonly<Record<string, unknown>>;
}
