import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { connectDatabase, migrate, MIGRATIONS } from '../../dist/src/core/db/index.js';
import { createSilentLog } from '../../dist/src/core/log.js';
import { createWorkflowEngine, createDrill, RunService } from '../../dist/src/runs/run-runtime.js';
import { ROOT } from '../machine.js';
import { registerBenchKinds } from './bench-kinds.js';
import { BATCH_CONCURRENCY, CHAINS, CHUNKS } from './workload.js';

const WORKER = join(ROOT, 'dist/src/worker-child.js');
const CHILD = fileURLToPath(new URL('./lightdom-child.js', import.meta.url));

/** Tiny runs wait more than they work: for the queue's next look, and for commits. */
export const TINY_CONCURRENCY = 64;

const countsRow = z.object({ open: z.coerce.number(), ended: z.coerce.number(), failed: z.coerce.number() });
const resultSchema = z.object({ seconds: z.number() });

/** @type {import('./workload.js').Engine} */
export const lightdomEngine = { name: 'LightDom', schemas: ['lightdom', 'dbos'], open, worker };

/** @param {string} url */
async function open(url) {
  const log = createSilentLog();
  const database = await connectDatabase({ url, log });
  await migrate(database, MIGRATIONS);
  const runs = new RunService({ database, engine: createWorkflowEngine({ database, log }), log });
  const drill = createDrill(database);
  runs.register(drill.run);
  runs.register(drill.chunk);
  registerBenchKinds(runs, () => {});
  await runs.open();
  let kind = '';
  let expected = 0;
  /** @type {import('./workload.js').Sender} */
  const sender = {
    async sendBatches({ operations, seed }) {
      const { runId } = await runs.start('drill', { operations, chunks: CHUNKS, seed, keep: true });
      kind = 'drill_chunk';
      expected = Math.ceil(operations / Math.ceil(operations / CHUNKS));
      const report = async () => resultSchema.parse((await completed(runs, runId)).result);
      return { table: `lightdom.drill_${runId}`, report };
    },
    async sendChains(chains, steps) {
      kind = 'bench_steps';
      expected = chains;
      for (let chain = 0; chain < chains; chain += 1) await runs.start(kind, { steps });
    },
    async sendTiny(count) {
      kind = 'bench_tiny';
      expected = count;
      for (let sent = 0; sent < count; sent += 1) await runs.start(kind, {});
    },
    async isDone() {
      const sql = `select count(*) filter (where ended_at is null) as open, count(ended_at) as ended,
        count(*) filter (where status in ('failed', 'cancelled')) as failed from lightdom.run where kind = $1`;
      const [counts] = await database.query(countsRow, sql, [kind]);
      if (counts === undefined || counts.failed > 0) throw new Error(`LightDom: ${counts?.failed} runs failed.`);
      return counts.ended === expected;
    },
    async close() {
      await runs.close();
      await drill.close();
      await database.close();
    },
  };
  return sender;
}

/**
 * @param {RunService} runs
 * @param {string} runId
 */
async function completed(runs, runId) {
  const run = await runs.waitFor(runId);
  if (run.status === 'completed') return run;
  throw new Error(`The drill is ${run.status}: ${run.error?.message ?? ''}`);
}

/** @param {import('./workload.js').WorkerRequest} request */
function worker({ url, folder, task }) {
  if (task !== 'batches') {
    const concurrency = task === 'chains' ? CHAINS : TINY_CONCURRENCY;
    return { entry: CHILD, args: [], setup: { url, concurrency } };
  }
  const config = {
    dataDir: join(folder, 'data'),
    database: { url },
    log: { level: 'error' },
    runs: { batchConcurrency: BATCH_CONCURRENCY },
  };
  return { entry: WORKER, args: [], setup: { config } };
}
