import { z } from 'zod';
import { AppError } from '../../core/errors.ts';

const callLossSchema = z.enum(['undelivered', 'interrupted']);

/** What became of a call that the master did not answer: it never got there, or it broke off on the way. */
export type CallLoss = z.infer<typeof callLossSchema>;

/** Undefined for an error that is the master's answer. */
export function callLossOf(error: unknown): CallLoss | undefined {
  return error instanceof AppError ? callLossSchema.safeParse(error.details['loss']).data : undefined;
}
