import type { Services } from '../services.ts';

/** All that a tool may reach. */
export interface ToolContext {
  readonly services: Services;
  /** Aborted when the caller cancels or goes away. */
  readonly signal: AbortSignal;
  /** Tells the caller how far the work is; at least every 10 s in anything slow. */
  progress(done: number, total: number, message: string): void;
  log(level: 'debug' | 'info' | 'warning' | 'error', message: string): void;
}
