import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { resolvePostgres } from '../../src/core/db/index.ts';
import { createLog } from '../../src/core/log.ts';
import { copyDataFolder } from './data-template.ts';
import { createTemplate, prepareDatabase } from './test-database.ts';

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string;
    /** A data folder as the product leaves it at the end of its first start, to be copied. */
    dataTemplate: string;
  }
}

/** One server for all tests that need one, each with a database of its own on it; and what masters of their own begin with. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const log = createLog({ level: 'warn' });
  const folders = {
    server: mkdtempSync(join(tmpdir(), 'ld-test-')),
    template: mkdtempSync(join(tmpdir(), 'ld-data-')),
  };
  const start = (): ReturnType<typeof resolvePostgres> =>
    resolvePostgres({ dataDir: join(folders.server, 'postgres'), log, durability: 'relaxed' });
  const first = await start();
  await prepareDatabase(first.url);
  await first.stop();
  copyDataFolder(folders.server, folders.template);
  const postgres = await start();
  await createTemplate(postgres.url);
  project.provide('postgresUrl', postgres.url);
  project.provide('dataTemplate', folders.template);
  return async () => {
    await postgres.stop();
    for (const folder of Object.values(folders)) rmSync(folder, { recursive: true, force: true });
  };
}
