import { existsSync, linkSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { z } from 'zod';
import { AppError, systemCodeOf } from '../errors.ts';
import { newId } from '../ids.ts';
import { isSameLiveProcess, processStartOf } from '../process-identity.ts';

const ownerSchema = z.object({
  pid: z.number().int().positive(),
  /** Kernel start time of the process where the platform tells it; a reused pid has another. */
  processStart: z.string(),
  startedAt: z.string(),
  version: z.string(),
  workspace: z.string(),
  /** Base URL of its HTTP surface, once it listens. */
  url: z.string().optional(),
});

/** The process that owns a data folder. */
export type Owner = z.infer<typeof ownerSchema>;

export interface OwnerLock {
  /** Tells other processes where the HTTP surface listens. */
  publishUrl(url: string): void;
  /** Gives the folder free. Harmless when called twice. */
  release(): void;
}

const FILE_NAME = 'master.json';
const MAX_ATTEMPTS = 5;

/** Becomes the owner of the data folder, or throws `conflict` naming the live owner. */
export function acquireOwnerLock(folder: string, about: Pick<Owner, 'version' | 'workspace'>): OwnerLock {
  const file = join(folder, FILE_NAME);
  const owner: Owner = {
    pid: process.pid,
    processStart: processStartOf(process.pid),
    startedAt: new Date().toISOString(),
    ...about,
  };
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    if (createExclusively(file, owner)) return lockOver(file, owner);
    const holder = readOwner(file);
    if (holder !== undefined && isSameLiveProcess(holder)) throw heldBy(folder, holder);
    if (succeed(file, holder, owner)) return lockOver(file, owner);
  }
  throw new AppError('conflict', `The data folder ${folder} is being taken by other processes right now.`, {
    hint: 'Try again.',
  });
}

/** The live owner of the data folder, if there is one; a file left by a dead process counts as none. */
export function findOwner(folder: string): Owner | undefined {
  const owner = readOwner(join(folder, FILE_NAME));
  return owner !== undefined && isSameLiveProcess(owner) ? owner : undefined;
}

function lockOver(file: string, owner: Owner): OwnerLock {
  const isOurs = (): boolean => {
    const current = readOwner(file);
    return current?.pid === owner.pid && current.processStart === owner.processStart;
  };
  return {
    publishUrl: (url) => writeOver(file, { ...owner, url }),
    release() {
      if (isOurs()) unlinkSync(file);
    },
  };
}

/** Nobody ever reads half a file. */
function writeOver(file: string, owner: Owner): void {
  const draft = `${file}.${newId()}`;
  writeFileSync(draft, JSON.stringify(owner), { mode: 0o600 });
  renameSync(draft, file);
}

/** Written aside and linked into place, so that nobody ever reads half a file. */
function createExclusively(file: string, owner: Owner): boolean {
  const draft = `${file}.${newId()}`;
  writeFileSync(draft, JSON.stringify(owner), { mode: 0o600 });
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (systemCodeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    unlinkSync(draft);
  }
}

/**
 * Puts our file in the place of a dead owner's. Among all who find that one dead, whoever makes the file that is named
 * after it is the heir; it looks once more, since the place may have been filled and that file removed before it made its
 * own. An heir that died in between is succeeded in the same way.
 */
function succeed(file: string, dead: Owner | undefined, owner: Owner): boolean {
  const claim = `${file}.heir-of-${dead === undefined ? 'nobody' : `${dead.pid}-${dead.processStart}`}`;
  if (!createExclusively(claim, owner)) {
    const heir = readOwner(claim);
    if (heir !== undefined && !isSameLiveProcess(heir)) rmSync(claim, { force: true });
    return false;
  }
  try {
    // Given back meanwhile: then it is for anybody to make.
    if (!existsSync(file)) return false;
    const current = readOwner(file);
    if (current?.pid !== dead?.pid || current?.processStart !== dead?.processStart) return false;
    writeOver(file, owner);
    return true;
  } finally {
    rmSync(claim, { force: true });
  }
}

function readOwner(file: string): Owner | undefined {
  try {
    return ownerSchema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  } catch {
    return undefined;
  }
}

function heldBy(folder: string, owner: Owner): AppError {
  const where = owner.url === undefined ? '' : ` at ${owner.url}`;
  return new AppError('conflict', `A master already runs on ${folder} (pid ${owner.pid}${where}).`, {
    hint: 'Use `lightdom status` or `lightdom stop`, or start another with its own --data-dir and --port.',
    details: { ownerPid: owner.pid, url: owner.url },
  });
}
