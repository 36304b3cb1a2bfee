import type { AppError } from '../errors.ts';

/**
 * Why work with a model ended. `finished` alone is success; all others leave what was done so far.
 */
export const STOP_REASONS = [
  'finished',
  'budget_usd',
  'budget_tokens',
  'budget_steps',
  'budget_wall',
  'loop_detected',
  'rate_limited',
  'refused',
  'malformed',
  'cancelled',
  'upstream_failed',
  'content_filtered',
  'length',
] as const;
export type StopReason = (typeof STOP_REASONS)[number];

/** An end other than success, and what there is to say of it. */
export interface Stopped {
  readonly kind: 'stopped';
  readonly reason: Exclude<StopReason, 'finished'>;
  readonly error: AppError;
}

export function stopped(reason: Stopped['reason'], error: AppError): Stopped {
  return { kind: 'stopped', reason, error };
}
