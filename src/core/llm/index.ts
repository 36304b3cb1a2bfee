/**
 * Calls of models that speak the protocol of OpenAI. Owns requests, retries, budgets and the loop in which a model calls tools.
 * Invariants: no secret is sent or kept; what may be spent is reserved before it is spent; whatever a server or a model does ends in a
 * stop reason, and `finished` alone is success.
 */
export type { AssistantMessage, ChatMessage, TokenUsage, ToolCall, ToolWords } from './chat-message.ts';
export type { CallTiming } from './call-timing.ts';
export type { BudgetLimits, LlmBudget, Spending } from './llm-budget.ts';
export { loopTool } from './loop-tool.ts';
export type { LoopTool, LoopToolAnswer } from './loop-tool.ts';
export type { ModelPrice } from './model-price.ts';
export type { CallContext, ChatModel, ModelAnswer, ModelCallResult } from './model-call.ts';
export { summarizeModel } from './model-summary.ts';
export type { ModelSummary } from './model-summary.ts';
export type { OpenedModel } from './open-model.ts';
export type { ModelProfile, ModelProvider } from './provider-profile.ts';
export type { AnswerForm, ModelQuestion } from './request-body.ts';
export type { Stopped, StopReason } from './stop-reason.ts';
export type { StructuredAnswer, StructuredQuestion } from './structured-answer.ts';
export type { ToolLoopRequest, ToolLoopResult } from './tool-loop.ts';
