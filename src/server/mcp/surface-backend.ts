import type { ToolAnswer, ToolContext } from '../../surface/index.ts';

/** What travels with one request: the caller's cancellation, and ways to tell it something meanwhile. */
export type CallContext = Omit<ToolContext, 'services'>;

export interface ResourceAnswer {
  readonly uri: string;
  readonly mimeType: string;
  readonly text: string;
}

/**
 * Whoever runs the surface: this process, or a master elsewhere. Every failure is an AppError; an unknown name is
 * `not_found`, input that does not fit is `invalid_input`.
 */
export interface SurfaceBackend {
  callTool(name: string, input: unknown, call: CallContext): Promise<ToolAnswer>;
  readResource(uri: string, call: CallContext): Promise<readonly ResourceAnswer[]>;
  getPrompt(name: string, args: unknown): Promise<string>;
}
