import { AppError } from '../core/errors.ts';
import { newIncidentId } from '../core/ids.ts';
import type { Log } from '../core/log.ts';

export interface FailureContext {
  /** What was being done, as the caller knows it: a tool's name, a URI. */
  readonly subject: string;
  readonly log: Log;
  readonly signal?: AbortSignal;
}

/** Anything thrown as an AppError. The detail of an unexpected failure goes to the log alone, under an incident id. */
export function asAppError(thrown: unknown, context: FailureContext): AppError {
  if (thrown instanceof AppError) return thrown;
  const { subject, log, signal } = context;
  if (signal?.aborted === true) return new AppError('cancelled', `${subject} was cancelled.`, { cause: thrown });
  const incidentId = newIncidentId();
  log.error({ err: thrown, incidentId, subject }, 'unexpected failure');
  return new AppError('internal', `${subject} failed unexpectedly (incident ${incidentId}).`, {
    hint: 'The log of the server has the detail under that incident id.',
    details: { incidentId },
    cause: thrown,
  });
}
