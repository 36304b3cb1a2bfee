import { z } from 'zod';
import type { Database } from './database.ts';

/** What is known of a database without asking it now. */
export interface DatabaseHealth {
  /** Whether the last ping was answered, and before the next was due. */
  isHealthy(): boolean;
  readonly serverVersion: string;
  stop(): void;
}

const versionRow = z.object({ version: z.string() });

/** Pings the database again and again; the first ping is answered before this returns. */
export async function watchDatabase(database: Database, intervalMs: number): Promise<DatabaseHealth> {
  const sql = `select current_setting('server_version') as version`;
  const [row] = await database.query(versionRow, sql);
  let isHealthy = true;
  let isAsking = false;
  const ping = async (): Promise<void> => {
    if (isAsking) {
      // A server that hangs refuses nothing.
      isHealthy = false;
      return;
    }
    isAsking = true;
    try {
      await database.execute('select 1');
      isHealthy = true;
    } catch {
      isHealthy = false;
    } finally {
      isAsking = false;
    }
  };
  const timer = setInterval(() => void ping(), intervalMs);
  timer.unref();
  return {
    isHealthy: () => isHealthy,
    serverVersion: row?.version ?? '',
    stop: () => clearInterval(timer),
  };
}
