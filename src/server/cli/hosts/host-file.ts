import { accessSync, constants, copyFileSync, lstatSync, mkdirSync, readFileSync, realpathSync } from 'node:fs';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { AppError, messageOf, systemCodeOf } from '../../../core/errors.ts';
import { newId } from '../../../core/ids.ts';

/** A file of settings as it was read. */
export interface HostFile {
  readonly text: string;
  readonly mode: number;
}

/** Claude Code keeps its whole history in one; larger ones are no settings. */
const MAX_BYTES = 50_000_000;
const MAX_BACKUPS = 99;
const OWNER_ONLY = 0o600;
const NEW_FILE_MODE = 0o644;

/**
 * The file, or undefined when there is none. Throws `permission_denied` for a symbolic link and for a file that can't be
 * written, `invalid_input` for what is no text.
 */
export function readHostFile(path: string): HostFile | undefined {
  try {
    const stats = lstatSync(path);
    if (stats.isSymbolicLink()) throw refused(path, 'is a symbolic link, which is not followed');
    if (!stats.isFile()) throw refused(path, 'is not a file');
    if (stats.size > MAX_BYTES) throw refused(path, `has ${stats.size} bytes, more than settings have`);
    accessSync(path, constants.R_OK | constants.W_OK);
    // Keeps the mark of the encoding, so that it is written back.
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(path));
    return { text, mode: stats.mode & 0o777 };
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return undefined;
    if (error instanceof AppError) throw error;
    const why = error instanceof TypeError ? 'is not UTF-8 text' : `can't be changed: ${messageOf(error)}`;
    throw refused(path, why, error);
  }
}

/** Throws `permission_denied` when the folder of a project's file leads out of the project by a symbolic link. */
export function assertInProject(path: string, project: string): void {
  let folder = dirname(path);
  for (;;) {
    const real = realPathOf(folder);
    if (real !== undefined) {
      const away = relative(realpathSync(project), real);
      if (away !== '..' && !away.startsWith(`..${sep}`)) return;
      throw refused(path, `leads out of the project, to ${real}`);
    }
    folder = dirname(folder);
  }
}

/**
 * Puts `text` in the place of the file at once, with a copy of what was there beside it. Returns the path of the copy.
 * Throws `conflict` when the file is not `before` any more.
 */
export function replaceHostFile(
  path: string,
  before: HostFile | undefined,
  { text, isSecret }: { readonly text: string; readonly isSecret: boolean },
): string | undefined {
  mkdirSync(dirname(path), { recursive: true });
  const backup = before === undefined ? undefined : copyBeside(path);
  const draft = join(dirname(path), `.lightdom-${newId()}.tmp`);
  try {
    writeDurably(draft, text, isSecret ? OWNER_ONLY : (before?.mode ?? NEW_FILE_MODE));
    if (readHostFile(path)?.text !== before?.text) {
      throw new AppError('conflict', `${path} was changed by another program meanwhile.`, {
        hint: 'Try again; close the host first if it keeps writing the file.',
      });
    }
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  return backup;
}

/** The copy is as private as the file. */
function copyBeside(path: string): string {
  for (let number = 1; number <= MAX_BACKUPS; number += 1) {
    const backup = `${path}.before-lightdom-${number}`;
    try {
      copyFileSync(path, backup, constants.COPYFILE_EXCL);
      return backup;
    } catch (error) {
      if (systemCodeOf(error) !== 'EEXIST') throw error;
    }
  }
  throw new AppError('conflict', `Beside ${path} there are ${MAX_BACKUPS} copies of former versions.`, {
    hint: 'Delete those that you do not need.',
  });
}

function writeDurably(path: string, text: string, mode: number): void {
  const file = openSync(path, 'wx', mode);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function realPathOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT' && dirname(path) !== path) return undefined;
    throw error;
  }
}

function refused(path: string, why: string, cause?: unknown): AppError {
  return new AppError('permission_denied', `${path} ${why}.`, {
    hint: 'Run the command without --write and add the snippet by hand; nothing was changed.',
    cause,
  });
}
