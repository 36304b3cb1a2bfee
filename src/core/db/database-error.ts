import pg from 'pg';
import { AppError, messageOf, systemCodeOf } from '../errors.ts';

/** SQLSTATE classes and codes (PostgreSQL, appendix A) of failures that callers can do something about. */
const CONNECTION_CLASS = '08';
const SHUTDOWN_CODES = new Set(['57P01', '57P02', '57P03', '57P05', '25P03']);
const UNIQUE_VIOLATION = '23505';
const NETWORK_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH']);

/** Translates what the driver throws, once, here. What is not known stays as it is and ends as `internal`. */
export function databaseError(thrown: unknown): unknown {
  if (thrown instanceof AppError) return thrown;
  const message = messageOf(thrown);
  if (isConnectionFailure(thrown, message)) {
    return new AppError('not_ready', `The database does not answer: ${message}.`, {
      hint: 'Try again in a moment; `lightdom doctor` shows which database is used.',
      cause: thrown,
    });
  }
  if (thrown instanceof pg.DatabaseError && thrown.code === UNIQUE_VIOLATION) {
    return new AppError('conflict', `It exists already: ${thrown.detail ?? message}`, { cause: thrown });
  }
  return thrown;
}

function isConnectionFailure(thrown: unknown, message: string): boolean {
  if (thrown instanceof pg.DatabaseError) {
    return thrown.code?.startsWith(CONNECTION_CLASS) === true || SHUTDOWN_CODES.has(thrown.code ?? '');
  }
  return NETWORK_CODES.has(systemCodeOf(thrown) ?? '') || /connection|timeout exceeded when trying/i.test(message);
}
