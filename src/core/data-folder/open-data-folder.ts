import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, messageOf, systemCodeOf } from '../errors.ts';
import { newSecret } from '../ids.ts';

export interface DataFolder {
  readonly path: string;
  /** Folder of the embedded Postgres cluster. */
  readonly postgresPath: string;
  /** The bearer token of the local HTTP surface; made at the first call, kept in the file `token`. */
  readToken(): string;
  /** Puts another in its place; who has read the former one is no longer let in by the next master. */
  keepToken(token: string): void;
}

/** Creates the folder when it is missing. Throws `permission_denied` when it can't be written. */
export function openDataFolder(path: string): DataFolder {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new AppError('permission_denied', `The data folder ${path} can't be created: ${messageOf(error)}.`, {
      hint: 'Choose another with --data-dir or LIGHTDOM_DATA_DIR.',
      cause: error,
    });
  }
  return {
    path,
    postgresPath: join(path, 'postgres'),
    readToken: () => readOrCreate(join(path, 'token'), newSecret),
    keepToken: (token) => replaceFile(join(path, 'token'), token),
  };
}

/** At no moment is there no token, or half of one. */
function replaceFile(file: string, text: string): void {
  const draft = `${file}.draft`;
  rmSync(draft, { force: true });
  writeFileSync(draft, text, { flag: 'wx', mode: 0o600 });
  renameSync(draft, file);
}

const FEWEST_CHARACTERS = 32;

function readOrCreate(file: string, create: () => string): string {
  try {
    writeFileSync(file, create(), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (systemCodeOf(error) !== 'EEXIST') throw error;
    chmodSync(file, 0o600);
  }
  const text = readFileSync(file, 'utf8').trim();
  if (text.length >= FEWEST_CHARACTERS) return text;
  throw new AppError('conflict', `The file ${file} holds ${text.length} characters, fewer than ${FEWEST_CHARACTERS}.`, {
    hint: 'Delete it; a new one is made at the next start.',
  });
}
