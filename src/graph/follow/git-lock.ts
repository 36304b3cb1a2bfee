import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const LOOK_MS = 50;
/** A lock that a crash has left behind is not waited for. */
const PATIENCE_MS = 10_000;

/** Waits while git writes the files of a work tree, as in a checkout or a rebase: what lies there meanwhile is no state. */
export async function waitForGit(root: string, signal: AbortSignal): Promise<void> {
  const lock = join(root, '.git', 'index.lock');
  const deadline = performance.now() + PATIENCE_MS;
  while (!signal.aborted && existsSync(lock) && performance.now() < deadline) await delay(LOOK_MS);
}
