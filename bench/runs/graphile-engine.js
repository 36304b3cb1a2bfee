import { fileURLToPath } from 'node:url';
import { Logger, makeWorkerUtils } from 'graphile-worker';
import { z } from 'zod';
import { connectDatabase } from '../../dist/src/core/db/index.js';
import { createSilentLog } from '../../dist/src/core/log.js';
import { createResults } from './store-rows.js';
import { BATCH_CONCURRENCY, CHAINS, jobsOf, RESULTS } from './workload.js';

const CHILD = fileURLToPath(new URL('./graphile-child.js', import.meta.url));

export const TINY_LOCAL_QUEUE = 200;
export const TINY_CONCURRENCY = 24;

export const setupSchema = z.object({
  url: z.string(),
  store: z.enum(['plain', 'key', 'joined']),
  concurrency: z.number(),
  localQueueSize: z.number(),
  completeJobBatchDelay: z.number(),
});

/** Each job that is done would be a line otherwise. */
export const quietLogger = new Logger(() => (level, message) => {
  if (/error/.test(level)) console.error(message);
});

const countsRow = z.object({ open: z.coerce.number(), failed: z.coerce.number() });

/** @type {import('./workload.js').Engine} */
export const graphileEngine = { name: 'graphile-worker', schemas: ['graphile_worker'], open, worker };

/** @param {string} url */
async function open(url) {
  const database = await connectDatabase({ url, log: createSilentLog() });
  const utils = await makeWorkerUtils({ connectionString: url, logger: quietLogger });
  await utils.migrate();
  /** @type {import('./workload.js').Sender} */
  const sender = {
    async sendBatches(batches, store) {
      await createResults(database, store);
      await utils.addJobs(jobsOf(batches).map((payload) => ({ identifier: 'batches', payload })));
      return { table: RESULTS, report: async () => undefined };
    },
    async sendChains(chains, steps) {
      for (let chain = 0; chain < chains; chain += 1) await utils.addJob('chains', { left: steps });
    },
    async sendTiny(count) {
      for (let sent = 0; sent < count; sent += 1) await utils.addJob('tiny', {});
    },
    async isDone() {
      // Jobs that are done are deleted.
      const sql = `select count(*) as open, count(last_error) as failed from graphile_worker._private_jobs`;
      const [counts] = await database.query(countsRow, sql);
      if (counts === undefined || counts.failed > 0) throw new Error(`graphile-worker: ${counts?.failed} jobs failed.`);
      return counts.open === 0;
    },
    async close() {
      await utils.release();
      await database.close();
    },
  };
  return sender;
}

const CONCURRENCY = { batches: BATCH_CONCURRENCY, chains: CHAINS, tiny: TINY_CONCURRENCY };

/** @param {import('./workload.js').WorkerRequest} request */
function worker({ url, task, store }) {
  const isTiny = task === 'tiny';
  const batching = isTiny
    ? { localQueueSize: TINY_LOCAL_QUEUE, completeJobBatchDelay: 0 }
    : { localQueueSize: -1, completeJobBatchDelay: -1 };
  return { entry: CHILD, args: [], setup: { url, store, concurrency: CONCURRENCY[task], ...batching } };
}
