import { messageOf, systemCodeOf } from '../../core/errors.ts';

const REASONS: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'permission denied'],
  ['EPERM', 'permission denied'],
  ['ENOENT', 'it no longer exists or is a dangling link'],
  ['ELOOP', 'its symbolic links form a circle'],
  ['EMFILE', 'too many files are open'],
  ['EIO', 'the disk reported an error'],
]);

/** Why something could not be read, in words, with the system's code. */
export function readFailure(thrown: unknown): string {
  const code = systemCodeOf(thrown);
  if (code === undefined) return `can't be read: ${messageOf(thrown)}`;
  return `can't be read: ${REASONS.get(code) ?? 'the system refused'} (${code})`;
}
