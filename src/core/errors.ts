/**
 * One error class and one table. Every expected failure is an {@link AppError}; the table says how each
 * surface renders its code. Anything else that is thrown becomes `internal`, its detail going to the log alone.
 */

/** How a code is rendered: HTTP status, CLI exit code, whether trying again may help, and who can mend it. */
export interface ErrorRow {
  readonly httpStatus: number;
  readonly exitCode: number;
  readonly retryable: boolean;
  readonly mendedBy: 'caller' | 'operator' | 'nobody' | 'upstream';
}

export const ERROR_TABLE = {
  invalid_input: { httpStatus: 400, exitCode: 2, retryable: false, mendedBy: 'caller' },
  permission_denied: { httpStatus: 403, exitCode: 4, retryable: false, mendedBy: 'operator' },
  not_found: { httpStatus: 404, exitCode: 1, retryable: false, mendedBy: 'caller' },
  conflict: { httpStatus: 409, exitCode: 1, retryable: false, mendedBy: 'caller' },
  limit_reached: { httpStatus: 429, exitCode: 1, retryable: true, mendedBy: 'caller' },
  cancelled: { httpStatus: 499, exitCode: 130, retryable: true, mendedBy: 'caller' },
  internal: { httpStatus: 500, exitCode: 1, retryable: false, mendedBy: 'nobody' },
  unsupported: { httpStatus: 501, exitCode: 1, retryable: false, mendedBy: 'nobody' },
  upstream_failed: { httpStatus: 502, exitCode: 1, retryable: true, mendedBy: 'upstream' },
  not_ready: { httpStatus: 503, exitCode: 1, retryable: true, mendedBy: 'nobody' },
  not_configured: { httpStatus: 503, exitCode: 3, retryable: false, mendedBy: 'operator' },
  timed_out: { httpStatus: 504, exitCode: 1, retryable: true, mendedBy: 'nobody' },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERROR_TABLE;

export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(ERROR_TABLE, code);
}

export interface AppErrorOptions {
  /** What to do next: the tool, command or config key that helps. */
  readonly hint?: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** An expected failure. The message says what failed with the actual value, and why. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.hint = options.hint;
    this.details = options.details ?? {};
  }
}

/** Message and hint as one paragraph, as every surface shows it. */
export function describeError(error: AppError): string {
  return error.hint === undefined ? error.message : `${error.message} ${error.hint}`;
}

/** The text of anything thrown; for logs and for `cause` chains, never for agents. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The `code` of a Node system error (`ENOENT`, `EACCES`), if it has one. */
export function systemCodeOf(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown)) return undefined;
  return typeof thrown.code === 'string' ? thrown.code : undefined;
}
