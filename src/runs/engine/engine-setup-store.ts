import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { openSession } from '../../core/db/index.ts';
import { AppError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';

const PAUSE_MS = 50;
/** All tables take about a second. */
const LONGEST_WAIT_MS = 30_000;

const lockedRow = z.object({ locked: z.boolean() });
const TRY_LOCK = `select pg_try_advisory_lock(hashtextextended('lightdom.engine-setup', 0)) as locked`;

/**
 * Does the work in one process at a time: the library's migrations fail when two begin at once on an empty database. The
 * lock is polled for, since a statement that waits for it would hold up the indexes that are built concurrently.
 */
export async function setUpAlone(
  { url, log }: { readonly url: string; readonly log: Log },
  work: () => Promise<void>,
): Promise<void> {
  const session = await openSession({ url, log });
  try {
    const untilMs = performance.now() + LONGEST_WAIT_MS;
    while ((await session.query(lockedRow, TRY_LOCK))[0]?.locked !== true) {
      if (performance.now() > untilMs) {
        throw new AppError('not_ready', 'Another process has been setting up the durable engine for too long.', {
          hint: 'End the process that hangs, then try again.',
        });
      }
      await delay(PAUSE_MS);
    }
    await work();
  } finally {
    await session.close();
  }
}
