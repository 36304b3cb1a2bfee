import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { connectDatabase, migrate, MIGRATIONS } from '../../../src/core/db/index.ts';
import { createSilentLog } from '../../../src/core/log.ts';
import { createTestDatabase } from '../../support/test-database.ts';
import type { TestDatabase } from '../../support/test-database.ts';

const FIRST = { version: 1, name: 'first', sql: 'create table lightdom.one (id integer)' };
const SECOND = { version: 2, name: 'second', sql: 'create table lightdom.two (id integer)' };

describe('migrate', () => {
  let test: TestDatabase;

  beforeEach(async () => {
    test = await createTestDatabase();
  });

  afterEach(() => test.drop());

  it('applies what is missing, in order, once', async () => {
    expect(await migrate(test.database, [FIRST])).toEqual({ applied: 1, version: 1 });
    expect(await migrate(test.database, [FIRST, SECOND])).toEqual({ applied: 1, version: 2 });
    expect(await migrate(test.database, [FIRST, SECOND])).toEqual({ applied: 0, version: 2 });
    const rows = await test.database.query(z.object({ name: z.string() }), 'select name from lightdom.migration');
    expect(rows.map((row) => row.name)).toEqual(['first', 'second']);
  });

  it('lets only one of several migrators work', async () => {
    const others = await Promise.all(
      [1, 2].map(() => connectDatabase({ url: test.url, log: createSilentLog(), max: 1 })),
    );
    const results = await Promise.all([test.database, ...others].map((one) => migrate(one, [FIRST, SECOND])));
    await Promise.all(others.map((other) => other.close()));
    expect(results.map((result) => result.applied).toSorted((one, two) => one - two)).toEqual([0, 0, 2]);
  });

  it('refuses a database that is newer than the program', async () => {
    await migrate(test.database, [FIRST, SECOND]);
    const refused = migrate(test.database, [FIRST]);
    await expect(refused).rejects.toMatchObject({
      code: 'conflict',
      message: 'The database is at schema version 2; this program knows 1.',
      hint: 'Use the newer LightDom that made it, or another --data-dir.',
    });
  });

  it('leaves the database as it was when a step fails', async () => {
    const broken = { version: 2, name: 'broken', sql: 'create table lightdom.two (id integer); select nonsense' };
    await expect(migrate(test.database, [FIRST, broken])).rejects.toThrow('nonsense');
    expect(await migrate(test.database, [FIRST, SECOND])).toEqual({ applied: 2, version: 2 });
  });

  it('has numbers that grow by one', async () => {
    expect(MIGRATIONS.map((migration) => migration.version)).toEqual(MIGRATIONS.map((_, index) => index + 1));
    expect((await migrate(test.database, MIGRATIONS)).version).toBe(MIGRATIONS.length);
  });

  it('keeps the approvals of former versions as questions and answers', async () => {
    await migrate(test.database, MIGRATIONS.slice(0, 6));
    await test.database.execute(`insert into lightdom.run (run_id, kind, title, status)
      values ('r', 'k', 't', 'waiting_approval');
      insert into lightdom.run_approval (run_id, key, question, decision, reason, decided_at) values
        ('r', 'approval-1', 'First?', 'approved', 'fine', now()),
        ('r', 'approval-2', 'Second?', 'rejected', null, now()),
        ('r', 'approval-3', 'Third?', null, null, null)`);
    await migrate(test.database, MIGRATIONS);
    const row = z.object({ key: z.string(), message: z.string(), answer: z.unknown() });
    const sql = `select key, message, answer from lightdom.run_question
      where slot = key and round = 1 and form is null and not is_withdrawn order by key`;
    expect(await test.database.query(row, sql)).toEqual([
      {
        key: 'approval-1',
        message: 'First?',
        answer: { action: 'accept', content: { approve: true, reason: 'fine' } },
      },
      { key: 'approval-2', message: 'Second?', answer: { action: 'accept', content: { approve: false } } },
      { key: 'approval-3', message: 'Third?', answer: null },
    ]);
  });
});
