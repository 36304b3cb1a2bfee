import { fileURLToPath } from 'node:url';
import PgBoss from 'pg-boss';
import { z } from 'zod';
import { connectDatabase } from '../../dist/src/core/db/index.js';
import { createSilentLog } from '../../dist/src/core/log.js';
import { createResults } from './store-rows.js';
import { BATCH_CONCURRENCY, CHAINS, jobsOf, RESULTS } from './workload.js';

const CHILD = fileURLToPath(new URL('./pg-boss-child.js', import.meta.url));

export const QUEUE = 'bench';
export const TINY_BATCH = 200;

export const setupSchema = z.object({
  url: z.string(),
  task: z.enum(['batches', 'chains', 'tiny']),
  store: z.enum(['plain', 'key', 'joined']),
  concurrency: z.number(),
  batchSize: z.number(),
});

const countsRow = z.object({ completed: z.coerce.number(), failed: z.coerce.number() });

/** @type {import('./workload.js').Engine} */
export const pgBossEngine = { name: 'pg-boss', schemas: ['pgboss'], open, worker };

/** @param {string} url */
async function open(url) {
  const database = await connectDatabase({ url, log: createSilentLog() });
  const boss = new PgBoss({ connectionString: url, supervise: false, schedule: false });
  boss.on('error', () => {});
  await boss.start();
  await boss.createQueue(QUEUE);
  let expected = 0;
  /** @type {import('./workload.js').Sender} */
  const sender = {
    async sendBatches(batches, store) {
      await createResults(database, store);
      const jobs = jobsOf(batches);
      expected = jobs.length;
      await boss.insert(jobs.map((data) => ({ name: QUEUE, data })));
      return { table: RESULTS, report: async () => undefined };
    },
    async sendChains(chains, steps) {
      expected = chains * steps;
      for (let chain = 0; chain < chains; chain += 1) await boss.send(QUEUE, { left: steps });
    },
    async sendTiny(count) {
      expected = count;
      for (let sent = 0; sent < count; sent += 1) await boss.send(QUEUE, {});
    },
    async isDone() {
      const sql = `select count(*) filter (where state = 'completed') as completed,
        count(*) filter (where state in ('retry', 'failed', 'cancelled')) as failed from pgboss.job where name = $1`;
      const [counts] = await database.query(countsRow, sql, [QUEUE]);
      if (counts === undefined || counts.failed > 0) throw new Error(`pg-boss: ${counts?.failed} jobs failed.`);
      return counts.completed === expected;
    },
    async close() {
      await boss.stop({ graceful: false });
      await database.close();
    },
  };
  return sender;
}

const CONCURRENCY = { batches: BATCH_CONCURRENCY, chains: CHAINS, tiny: 1 };

/** @param {import('./workload.js').WorkerRequest} request */
function worker({ url, task, store }) {
  const batchSize = task === 'tiny' ? TINY_BATCH : 1;
  return { entry: CHILD, args: [], setup: { url, task, store, concurrency: CONCURRENCY[task], batchSize } };
}
