import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { z } from 'zod';
import { AppError, messageOf, systemCodeOf } from '../errors.ts';

/** Secrets by configuration key, as the file holds them: nobody has looked at them yet. */
export type HeldSecrets = Readonly<Record<string, string>>;

const FILE_NAME = 'secrets.json';
/** Far above all secrets together. */
const MAX_FILE_BYTES = 1_000_000;
/** Who writes takes milliseconds: a draft of this age was left by a process that died over it. */
const STALE_DRAFT_MS = 10_000;
/** Neither a link in its place is followed, nor is a pipe waited for; Windows has no such flags. */
const READ_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
const OTHERS = 0o077;

const heldSchema = z.record(z.string(), z.string());

/** The file of a data folder. */
export function secretFileOf(dataDir: string): string {
  return join(dataDir, FILE_NAME);
}

/**
 * Nothing where there is no file. Throws `permission_denied` for one that others can read, and `invalid_input` for one
 * that is none of ours; never with a part of what it holds.
 */
export function readSecretFile(path: string): HeldSecrets {
  const text = readOwnText(path);
  if (text === undefined) return {};
  const held = heldSchema.safeParse(parsed(text));
  if (held.success) return held.data;
  throw new AppError('invalid_input', `The secret store ${path} is not a JSON object of texts.`, {
    hint: 'Mend it, or delete it and store each secret anew with `lightdom secret set KEY`.',
  });
}

/**
 * Replaces the file by one with what `change` makes of it; nobody ever reads half a file. The draft beside it is also the
 * lock among those who write. Throws `conflict` while another process does, and what `change` throws, with nothing changed.
 */
export function changeSecretFile(path: string, change: (held: HeldSecrets) => HeldSecrets): void {
  const draft = `${path}.draft`;
  const file = openDraft(draft);
  try {
    try {
      writeFileSync(file, `${JSON.stringify(change(readSecretFile(path)), undefined, 2)}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

function openDraft(draft: string): number {
  for (let isFirst = true; ; isFirst = false) {
    try {
      return openSync(draft, 'wx', 0o600);
    } catch (error) {
      if (systemCodeOf(error) !== 'EEXIST') throw unwritable(draft, error);
      if (!isFirst || !isStale(draft)) {
        throw new AppError('conflict', `Another process is writing ${draft}.`, { hint: 'Try again.', cause: error });
      }
      rmSync(draft, { force: true });
    }
  }
}

function isStale(draft: string): boolean {
  const { mtimeMs } = statSync(draft, { throwIfNoEntry: false }) ?? { mtimeMs: 0 };
  return Date.now() - mtimeMs > STALE_DRAFT_MS;
}

function unwritable(path: string, error: unknown): AppError {
  return new AppError('permission_denied', `The secret store can't be written: ${messageOf(error)}.`, {
    hint: `Let this user create ${path}, or choose another data folder with --data-dir.`,
    cause: error,
  });
}

/** What is looked at is what is read: the open file, not its name. */
function readOwnText(path: string): string | undefined {
  let file: number;
  try {
    file = openSync(path, READ_FLAGS);
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return undefined;
    if (systemCodeOf(error) === 'ELOOP') throw notRegular(path);
    throw new AppError('permission_denied', `The secret store ${path} can't be read: ${messageOf(error)}.`, {
      hint: 'It must belong to the user that runs LightDom.',
      cause: error,
    });
  }
  try {
    assertOwn(path, file);
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}

function assertOwn(path: string, file: number): void {
  const stats = fstatSync(file);
  if (!stats.isFile()) throw notRegular(path);
  if (stats.size > MAX_FILE_BYTES) {
    const sizes = `has ${stats.size} bytes; at most ${MAX_FILE_BYTES} are read`;
    throw new AppError('invalid_input', `The secret store ${path} ${sizes}.`, { hint: 'It is no file of LightDom.' });
  }
  // Windows has no such modes: there the folder of the user keeps others out.
  if (process.platform === 'win32' || (stats.mode & OTHERS) === 0) return;
  const mode = (stats.mode & 0o777).toString(8).padStart(4, '0');
  throw new AppError('permission_denied', `The secret store ${path} is open to other users (mode ${mode}).`, {
    hint: `Run \`chmod 600 ${path}\`, and replace the secrets if others use this machine.`,
  });
}

function notRegular(path: string): AppError {
  return new AppError('invalid_input', `The secret store ${path} is not a regular file.`, {
    hint: 'Remove it, and store each secret with `lightdom secret set KEY`.',
  });
}

/** Undefined for what is no JSON: the engine's own message would quote it. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
