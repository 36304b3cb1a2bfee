import { inject } from 'vitest';
import { connectDatabase, migrate } from '../../src/core/db/index.ts';
import type { Database, Migration } from '../../src/core/db/index.ts';
import { newId } from '../../src/core/ids.ts';
import { createSilentLog } from '../../src/core/log.ts';

export interface TestDatabase {
  readonly database: Database;
  readonly url: string;
  /** Closes the pool and drops the database with whoever is still connected. */
  drop(): Promise<void>;
}

/** An empty database of its own on the server of this test run. */
export async function createTestDatabase(options: { migrations?: readonly Migration[] } = {}): Promise<TestDatabase> {
  const log = createSilentLog();
  const adminUrl = inject('postgresUrl');
  const name = `test_${newId().slice(0, 12)}`;
  const admin = await connectDatabase({ url: adminUrl, log, max: 1 });
  await admin.execute(`create database ${name}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  const database = await connectDatabase({ url: url.href, log });
  if (options.migrations !== undefined) await migrate(database, options.migrations);
  return {
    database,
    url: url.href,
    async drop() {
      await database.close();
      await admin.execute(`drop database ${name} with (force)`);
      await admin.close();
    },
  };
}
