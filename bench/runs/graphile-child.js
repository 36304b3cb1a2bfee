/** A worker process of graphile-worker. Its setup comes by message. */
import { run } from 'graphile-worker';
import { z } from 'zod';
import { connectDatabase } from '../../dist/src/core/db/index.js';
import { createLog } from '../../dist/src/core/log.js';
import { firstSayer, receiveSetup, sayReady } from './child-channel.js';
import { quietLogger, setupSchema } from './graphile-engine.js';
import { jobSchema, storeRows } from './store-rows.js';

const chainSchema = z.object({ left: z.number() });

const { url, store, concurrency, localQueueSize, completeJobBatchDelay } = setupSchema.parse(await receiveSetup());
const database = await connectDatabase({ url, log: createLog({ level: 'error' }) });
const sayFirst = firstSayer();
await run({
  connectionString: url,
  concurrency,
  maxPoolSize: Math.max(10, concurrency + 2),
  pollInterval: 500,
  noHandleSignals: true,
  logger: quietLogger,
  preset: { worker: { localQueue: { size: localQueueSize }, completeJobBatchDelay } },
  taskList: {
    batches: async (payload) => {
      sayFirst();
      const job = jobSchema.parse(payload);
      await database.transaction((transaction) => storeRows(transaction, job, store));
    },
    chains: async (payload, { addJob }) => {
      sayFirst();
      const { left } = chainSchema.parse(payload);
      if (left > 1) await addJob('chains', { left: left - 1 });
    },
    tiny: async () => sayFirst(),
  },
});
sayReady();
