import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { connectDatabase, watchDatabase } from '../../../src/core/db/index.ts';
import { createSilentLog } from '../../../src/core/log.ts';
import { createTestDatabase } from '../../support/test-database.ts';
import type { TestDatabase } from '../../support/test-database.ts';
import { until } from './cluster-fixture.ts';

const INTERVAL_MS = 50;

describe('watchDatabase', () => {
  let test: TestDatabase;

  beforeEach(async () => {
    test = await createTestDatabase();
  });

  afterEach(() => test.drop());

  it('knows the version of the server, and whether it answers', async () => {
    const database = await connectDatabase({ url: test.url, log: createSilentLog(), max: 1 });
    const health = await watchDatabase(database, INTERVAL_MS);
    expect(health.serverVersion).toMatch(/^\d+\.\d+/);
    expect(health.isHealthy()).toBe(true);
    await database.close();
    await until(() => !health.isHealthy());
    health.stop();
  });

  it('takes a server that hangs for one that does not answer', async () => {
    const database = await connectDatabase({ url: test.url, log: createSilentLog(), max: 1 });
    const [row] = await database.query(z.object({ pid: z.number() }), 'select pg_backend_pid() as pid');
    const health = await watchDatabase(database, INTERVAL_MS);
    process.kill(row?.pid ?? 0, 'SIGSTOP');
    await until(() => !health.isHealthy());
    process.kill(row?.pid ?? 0, 'SIGCONT');
    await until(() => health.isHealthy());
    health.stop();
    await database.close();
  });
});
