import { AppError, ERROR_TABLE } from '../../core/errors.ts';
import type { ErrorCode } from '../../core/errors.ts';

/** An expected failure as it was before it went from one thread to another, where errors lose their class. */
export function failureOf({
  code,
  message,
  hint,
}: {
  code: string;
  message: string;
  hint: string | undefined;
}): AppError {
  return new AppError(isErrorCode(code) ? code : 'internal', message, hint === undefined ? {} : { hint });
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_TABLE, code);
}
