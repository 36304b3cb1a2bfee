import pg from 'pg';
import { AppError, messageOf, systemCodeOf } from '../errors.ts';
import type { ErrorCode } from '../errors.ts';

interface Translation {
  readonly code: ErrorCode;
  readonly says: string;
  readonly hint?: string;
}

const AWAY: Translation = {
  code: 'not_ready',
  says: 'The database does not answer',
  hint: 'Try again in a moment; `lightdom doctor` shows which database is used.',
};
const NO_ENTRY: Translation = {
  code: 'not_configured',
  says: 'The database does not let us in',
  hint: 'Mend user, password or database name in DATABASE_URL, or unset it to use the embedded Postgres.',
};
const IN_THE_WAY: Translation = {
  code: 'not_ready',
  says: 'Another transaction was in the way',
  hint: 'Try again.',
};
const READ_ONLY: Translation = {
  code: 'not_configured',
  says: 'The database is read-only',
  hint: 'It may be a standby, or default_transaction_read_only is on: point DATABASE_URL to the primary.',
};
const FULL: Translation = {
  code: 'limit_reached',
  says: 'The database has no room',
  hint: 'Free disk or memory there.',
};

/** SQLSTATE codes, and their classes of two characters, that callers can do something about (PostgreSQL, appendix A). */
const TRANSLATIONS: Readonly<Record<string, Translation>> = {
  '08': AWAY,
  // Idle in a transaction, or of the session, for longer than allowed: the connection is gone, a new one will do.
  '25P03': AWAY,
  '53300': AWAY,
  '57P01': AWAY,
  '57P02': AWAY,
  '57P03': AWAY,
  '57P05': AWAY,
  '25006': READ_ONLY,
  '28': NO_ENTRY,
  '3D000': NO_ENTRY,
  '40001': IN_THE_WAY,
  '40P01': IN_THE_WAY,
  '55P03': IN_THE_WAY,
  '53': FULL,
  '57014': { code: 'timed_out', says: 'The database ended a statement' },
  '42501': {
    code: 'permission_denied',
    says: 'The database refuses',
    hint: 'Grant the user of DATABASE_URL the right to create a schema in that database.',
  },
};
const UNIQUE_VIOLATION = '23505';

const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** What pg and its pool say, without a code, when a connection is lost or does not come about. */
const LOST_CONNECTION =
  /^(Connection terminated|timeout expired$|timeout exceeded when trying to connect|Client (has encountered a connection error|was closed) and is not queryable|Cannot use a pool after calling end)/;

/** Translates what the driver throws, once, here. What is not known stays as it is and ends as `internal`. */
export function databaseError(thrown: unknown): unknown {
  if (thrown instanceof AppError) return thrown;
  if (thrown instanceof pg.DatabaseError && thrown.code === UNIQUE_VIOLATION) {
    return new AppError('conflict', `It exists already: ${thrown.detail ?? thrown.message}`, { cause: thrown });
  }
  const found = translationOf(thrown);
  if (found === undefined) return thrown;
  const { code, says, hint } = found;
  const message = `${says}: ${reasonOf(thrown)}.`;
  return new AppError(code, message, { cause: thrown, ...(hint === undefined ? {} : { hint }) });
}

/** In words; several addresses that were tried in vain come as one error with a code and no message. */
export function reasonOf(thrown: unknown): string {
  return messageOf(thrown) || (systemCodeOf(thrown) ?? 'no reason was given');
}

function translationOf(thrown: unknown): Translation | undefined {
  if (thrown instanceof pg.DatabaseError) {
    const { code = '' } = thrown;
    return TRANSLATIONS[code] ?? TRANSLATIONS[code.slice(0, 2)];
  }
  const isLost =
    isConnecting(thrown) || NETWORK_CODES.has(systemCodeOf(thrown) ?? '') || LOST_CONNECTION.test(messageOf(thrown));
  return isLost ? AWAY : undefined;
}

/** Whatever the reason: a Unix socket whose server is down fails with ENOENT, say. */
function isConnecting(thrown: unknown): boolean {
  return thrown instanceof Error && 'syscall' in thrown && thrown.syscall === 'connect';
}
