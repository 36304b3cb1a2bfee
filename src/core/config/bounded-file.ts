import { readFileSync, statSync } from 'node:fs';
import { AppError, messageOf, systemCodeOf } from '../errors.ts';

/** The text of a regular file. Throws `invalid_input` that says `what` could not be read and why. */
export function readBoundedText(path: string, options: { readonly what: string; readonly maxBytes: number }): string {
  const { what, maxBytes } = options;
  try {
    const stats = statSync(path);
    if (!stats.isFile()) throw new AppError('invalid_input', `${what}, ${path}, is not a regular file.`);
    if (stats.size > maxBytes) {
      throw new AppError('invalid_input', `${what}, ${path}, has ${stats.size} bytes; at most ${maxBytes} are read.`);
    }
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    if (error instanceof AppError) throw error;
    const why = systemCodeOf(error) === 'ENOENT' ? 'does not exist' : `can't be read: ${messageOf(error)}`;
    throw new AppError('invalid_input', `${what}, ${path}, ${why}.`, { cause: error });
  }
}
