import type { Approval } from '../core/approval.ts';
import type { Services } from '../services.ts';
import type { AskingContext } from './asking.ts';
import type { Plans } from './confirmation.ts';

/** All that a tool may reach. */
export interface ToolContext extends AskingContext {
  readonly services: Services;
  /** For `confirm`, in tools that destroy. */
  readonly plans: Plans;
  /** What has to be there before a tool destroys; by `confirm`, too. */
  readonly approval: Approval;
  /** Aborted when the caller cancels or goes away. */
  readonly signal: AbortSignal;
  /** Tells the caller how far the work is; at least every 10 s in anything slow. */
  progress(done: number, total: number, message: string): void;
  log(level: 'debug' | 'info' | 'warning' | 'error', message: string): void;
  /** Lets go of the stream that the answer will come on, where the client can pick it up again: it then polls. */
  releaseStream(): void;
}
