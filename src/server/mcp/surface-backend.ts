import { LOCAL_CALLER } from '../../surface/index.ts';
import type { Caller, PromptMessage, ResourceContent, ToolAnswer, ToolContext } from '../../surface/index.ts';
import type { CompletionAnswer, CompletionQuestion } from './completions.ts';
import type { CallRetry } from './dialog.ts';

/** For the record: nothing is decided by it. */
export interface CallOrigin {
  /** `process`: the command line, or another part of this program. */
  readonly transport: 'http' | 'stdio' | 'process';
  /** W3C Trace Context, checked. */
  readonly traceparent?: string;
}

/** What travels with one request: who calls, its cancellation, ways to tell it something meanwhile, and its answers. */
export interface CallContext extends Pick<ToolContext, 'signal' | 'progress' | 'log' | 'releaseStream'> {
  readonly caller: Caller;
  /** When the call is repeated with what an earlier one asked for. */
  readonly retry?: CallRetry;
  /** `process` without it. */
  readonly origin?: CallOrigin;
}

export type ResourceAnswer = ResourceContent & {
  readonly uri: string;
  readonly _meta?: Readonly<Record<string, unknown>> | undefined;
};

/**
 * Whoever runs the surface: this process, or a master elsewhere. Every failure is an AppError; an unknown name is
 * `not_found`, input that does not fit is `invalid_input`. InputNeeded and CapabilityNeeded go through as they are.
 */
export interface SurfaceBackend {
  callTool(name: string, input: unknown, call: CallContext): Promise<ToolAnswer>;
  readResource(uri: string, call: CallContext): Promise<readonly ResourceAnswer[]>;
  getPrompt(name: string, args: unknown, call: CallContext): Promise<readonly PromptMessage[]>;
  /** Values for an argument of a prompt or a variable of a resource template. */
  complete(question: CompletionQuestion, call: CallContext): Promise<CompletionAnswer>;
  /**
   * Calls `onUpdate` when the resource may have changed, at most about four times a second, until the returned function is
   * called. What can't be watched is silent.
   */
  watch(uri: string, onUpdate: () => void): () => void;
}

/** A call of this machine's own that can be told nothing meanwhile and asked nothing. */
export function plainCall(signal: AbortSignal): CallContext {
  return { signal, caller: LOCAL_CALLER, progress: () => {}, log: () => {}, releaseStream: () => {} };
}
