import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { connectDatabase, resolvePostgres } from '../../src/core/db/index.ts';
import { findSystemBinaries } from '../../src/core/db/postgres-binaries.ts';
import { createSilentLog } from '../../src/core/log.ts';

/** A Postgres that no master owns, as `DATABASE_URL` names one, and what stands in it. */
export interface JoinedDatabase {
  readonly url: string;
  /** By which process the parts of a run are, or were last, executed. */
  partsOf(runId: string): Promise<readonly Part[]>;
  /** What a drill that keeps its rows has stored. */
  drillRows(runId: string): Promise<{ rows: number; distinct: number }>;
  close(): Promise<void>;
}

const partRow = z.object({ status: z.string(), executor: z.string().nullable(), attempt: z.number() });
export type Part = z.infer<typeof partRow>;

/** With the binaries of this system where it has some, else with those that come with the packages. */
export async function startJoinedDatabase(): Promise<JoinedDatabase> {
  const log = createSilentLog();
  const folder = mkdtempSync(join(tmpdir(), 'ld-join-'));
  const system = findSystemBinaries();
  const postgres = await resolvePostgres({
    dataDir: join(folder, 'postgres'),
    log,
    durability: 'relaxed',
    ...(system === undefined ? {} : { findBinaries: () => system }),
  });
  const database = await connectDatabase({ url: postgres.url, log, max: 2 });
  return {
    url: postgres.url,
    partsOf: (runId) => {
      const sql = 'select status, executor_id as executor, attempt from lightdom.run where parent_run_id = $1';
      return database.query(partRow, sql, [runId]);
    },
    async drillRows(runId) {
      const sql = `select count(*)::int as rows, count(distinct sequence)::int as distinct from lightdom.drill_${runId}`;
      const [row] = await database.query(z.object({ rows: z.number(), distinct: z.number() }), sql);
      return row ?? { rows: 0, distinct: 0 };
    },
    async close() {
      await database.close();
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
