import { appendFile, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** Exports are made again for the asking: what is old, or beyond the newest, only takes space. */
const MAX_FILES = 50;
const MAX_AGE_MS = 30 * 24 * 60 * 60 * 1000;
/** Names of what was written here, one a line: what somebody else put into the folder is not in it. */
const LEDGER = '.written';

export interface Prune {
  readonly folder: string;
  /** What was just written: it stays. */
  readonly name: string;
  readonly nowMs?: number;
}

/** Notes an export and deletes those noted before that are too many or too old. Never fails: the export is there. */
export async function pruneExports({ folder, name, nowMs = Date.now() }: Prune): Promise<void> {
  try {
    await appendFile(join(folder, LEDGER), `${name}\n`, { mode: 0o600 });
    const names = new Set((await readFile(join(folder, LEDGER), 'utf8')).split('\n').filter(isPlainName));
    const found = await Promise.all([...names].map((each) => writtenAt(folder, each)));
    const files = found.filter((file) => file !== undefined).toSorted((a, b) => b.modifiedMs - a.modifiedMs);
    const isOld = (modifiedMs: number): boolean => nowMs - modifiedMs > MAX_AGE_MS;
    const gone = files.filter((file, at) => file.name !== name && (at >= MAX_FILES || isOld(file.modifiedMs)));
    if (gone.length === 0) return;
    await Promise.all(gone.map((file) => rm(join(folder, file.name), { force: true })));
    const kept = files.filter((file) => !gone.includes(file)).toReversed();
    await writeFile(join(folder, LEDGER), kept.map((file) => `${file.name}\n`).join(''), { mode: 0o600 });
  } catch {
    // A folder that can't be tidied is no reason to lose the answer; the next export tries again.
  }
}

/** A ledger that was tampered with must not lead out of the folder. */
function isPlainName(name: string): boolean {
  return name !== '' && name !== LEDGER && basename(name) === name && name !== '..' && name !== '.';
}

async function writtenAt(folder: string, name: string): Promise<{ name: string; modifiedMs: number } | undefined> {
  const stats = await stat(join(folder, name)).catch(() => undefined);
  return stats?.isFile() === true ? { name, modifiedMs: stats.mtimeMs } : undefined;
}
