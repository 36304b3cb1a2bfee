import { z } from 'zod';
import { AppError } from '../errors.ts';
import type { Database, Queryable } from './database.ts';

/** One step of the schema; numbers grow by one. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

/** Any number will do, as long as every process takes the same one. */
const LOCK_KEY = 5_148_373_901;

const versionRow = z.object({ version: z.number().int() });

/**
 * Brings schema `lightdom` up to the newest migration. Any number of processes may do so at once: one does, the others
 * wait. Throws `conflict` when the database is newer than this program.
 */
export async function migrate(
  database: Database,
  migrations: readonly Migration[],
): Promise<{ applied: number; version: number }> {
  return database.transaction(async (transaction) => {
    await transaction.execute('select pg_advisory_xact_lock($1)', [LOCK_KEY]);
    const current = await currentVersion(transaction);
    const newest = migrations.at(-1)?.version ?? 0;
    if (current > newest) throw newerThanUs(current, newest);
    const missing = migrations.filter((migration) => migration.version > current);
    for (const migration of missing) {
      await transaction.execute(migration.sql);
      const sql = 'insert into lightdom.migration (version, name) values ($1, $2)';
      await transaction.execute(sql, [migration.version, migration.name]);
    }
    return { applied: missing.length, version: newest };
  });
}

async function currentVersion(transaction: Queryable): Promise<number> {
  await transaction.execute('create schema if not exists lightdom');
  await transaction.execute(
    'create table if not exists lightdom.migration (version integer primary key, name text not null, applied_at timestamptz not null default now())',
  );
  const sql = 'select coalesce(max(version), 0) as version from lightdom.migration';
  const [row] = await transaction.query(versionRow, sql);
  return row?.version ?? 0;
}

function newerThanUs(current: number, newest: number): AppError {
  return new AppError('conflict', `The database is at schema version ${current}; this program knows ${newest}.`, {
    hint: 'Use the newer LightDom that made it, or another --data-dir.',
  });
}
