import { inject } from 'vitest';
import { connectDatabase, MIGRATIONS, migrate } from '../../src/core/db/index.ts';
import type { Database } from '../../src/core/db/index.ts';
import { newId } from '../../src/core/ids.ts';
import { createSilentLog } from '../../src/core/log.ts';
import { createWorkflowEngine } from '../../src/runs/run-runtime.ts';

export interface TestDatabase {
  readonly database: Database;
  readonly url: string;
  /** Closes the pool and drops the database with whoever is still connected. */
  drop(): Promise<void>;
}

/** A database that has all tables of the product and no row: a copy of it is made sooner than the tables are. */
const TEMPLATE = 'product_template';

/** An empty database of its own on the server of this test run. */
export function createTestDatabase(): Promise<TestDatabase> {
  return createDatabase();
}

/** A database as the product leaves it at its first start, on the server of this test run. */
export function createProductDatabase(): Promise<TestDatabase> {
  return createDatabase(TEMPLATE);
}

/** Once for a server, before the first copy. */
export async function createTemplate(serverUrl: string): Promise<void> {
  const log = createSilentLog();
  const admin = await connectDatabase({ url: serverUrl, log, max: 1 });
  await admin.execute(`create database ${TEMPLATE}`);
  await admin.close();
  await prepareDatabase(urlOf(serverUrl, TEMPLATE));
}

/** Makes all tables of the product, those of the engine among them. */
export async function prepareDatabase(url: string): Promise<void> {
  const log = createSilentLog();
  const database = await connectDatabase({ url, log });
  await migrate(database, MIGRATIONS);
  const engine = createWorkflowEngine({ database, log });
  await engine.connect();
  await engine.disconnect();
  await database.close();
}

async function createDatabase(template?: string): Promise<TestDatabase> {
  const log = createSilentLog();
  const adminUrl = inject('postgresUrl');
  const name = `test_${newId().slice(0, 12)}`;
  const admin = await connectDatabase({ url: adminUrl, log, max: 1 });
  await admin.execute(`create database ${name}${template === undefined ? '' : ` template ${template}`}`);
  const url = urlOf(adminUrl, name);
  const database = await connectDatabase({ url, log });
  return {
    database,
    url,
    async drop() {
      await database.close();
      await admin.execute(`drop database ${name} with (force)`);
      await admin.close();
    },
  };
}

function urlOf(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}
