/** A worker process of pg-boss. Its setup comes by message. */
import PgBoss from 'pg-boss';
import { z } from 'zod';
import { connectDatabase } from '../../dist/src/core/db/index.js';
import { createLog } from '../../dist/src/core/log.js';
import { firstSayer, receiveSetup, sayReady } from './child-channel.js';
import { QUEUE, setupSchema } from './pg-boss-engine.js';
import { jobSchema, storeRows } from './store-rows.js';

const chainSchema = z.object({ left: z.number() });

const { url, task, store, concurrency, batchSize } = setupSchema.parse(await receiveSetup());
const database = await connectDatabase({ url, log: createLog({ level: 'error' }) });
const boss = new PgBoss({ connectionString: url });
boss.on('error', (error) => console.error(error.message));
await boss.start();
const sayFirst = firstSayer();

/** @param {PgBoss.Job} job */
function storeBatch({ id, data }) {
  return database.transaction(async (transaction) => {
    await storeRows(transaction, jobSchema.parse(data), store);
    if (store !== 'joined') return;
    const db = {
      /** @param {string} sql @param {unknown[]} params */
      executeSql: async (sql, params) => ({ rows: await transaction.query(z.looseObject({}), sql, params) }),
    };
    const done = z.object({ affected: z.number() }).parse(await boss.complete(QUEUE, id, {}, { db }));
    // Another attempt was faster: what this one stored must go.
    if (done.affected !== 1) throw new Error(`Job ${id} was not active any more.`);
  });
}

/** @param {PgBoss.Job} job */
async function doJob(job) {
  if (task === 'batches') await storeBatch(job);
  if (task !== 'chains') return;
  const { left } = chainSchema.parse(job.data);
  if (left > 1) await boss.send(QUEUE, { left: left - 1 });
}

for (let loop = 0; loop < concurrency; loop += 1) {
  let workerId = '';
  const options = { batchSize, pollingIntervalSeconds: 0.5 };
  workerId = await boss.work(QUEUE, options, async (/** @type {PgBoss.Job[]} */ jobs) => {
    sayFirst();
    for (const job of jobs) await doJob(job);
    // There may be more: without this the next look is half a second away.
    boss.notifyWorker(workerId);
  });
}
sayReady();
