import { LOCAL_CALLER } from '../../surface/index.ts';
import type { Caller, PromptMessage, ResourceContent, ToolAnswer, ToolContext } from '../../surface/index.ts';
import type { CallRetry } from './dialog.ts';

/** What travels with one request: who calls, its cancellation, ways to tell it something meanwhile, and its answers. */
export interface CallContext extends Pick<ToolContext, 'signal' | 'progress' | 'log' | 'releaseStream'> {
  readonly caller: Caller;
  /** When the call is repeated with what an earlier one asked for. */
  readonly retry?: CallRetry;
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
}

/** A call of this machine's own that can be told nothing meanwhile and asked nothing. */
export function plainCall(signal: AbortSignal): CallContext {
  return { signal, caller: LOCAL_CALLER, progress: () => {}, log: () => {}, releaseStream: () => {} };
}
