import { z } from 'zod';
import { drillRows } from '../../dist/src/runs/drill/drill-task.js';
import { RESULTS } from './workload.js';

/**
 * @typedef {import('./bench-cluster.js').Database} Database
 * @typedef {Parameters<Parameters<Database['transaction']>[0]>[0]} Transaction
 */

export const jobSchema = z.object({ seed: z.number(), from: z.number(), count: z.number() });

/**
 * The table of a peer, made before its jobs.
 * @param {Database} database
 * @param {import('./workload.js').Store} store
 */
export async function createResults(database, store) {
  const key = store === 'key' ? 'primary key' : 'not null';
  await database.execute('create schema if not exists bench');
  await database.execute(`create table ${RESULTS} (sequence bigint ${key}, value bigint not null)`);
}

/**
 * What a job of a peer does: it makes the rows of the drill, and stores them in one transaction.
 * @param {Transaction} transaction
 * @param {z.infer<typeof jobSchema>} job
 * @param {import('./workload.js').Store} store
 */
export async function storeRows(transaction, job, store) {
  const bytes = drillRows(job);
  const rows = [Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)];
  if (store !== 'key') {
    await transaction.copyIn(`copy ${RESULTS} (sequence, value) from stdin (format binary)`, rows);
    return;
  }
  await transaction.execute(
    'create temp table if not exists stage (sequence bigint, value bigint) on commit delete rows',
  );
  await transaction.copyIn('copy stage (sequence, value) from stdin (format binary)', rows);
  await transaction.execute(`insert into ${RESULTS} select sequence, value from stage on conflict do nothing`);
}
