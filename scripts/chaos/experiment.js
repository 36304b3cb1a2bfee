import { connectDatabase, migrate, MIGRATIONS } from '../../dist/src/core/db/index.js';
import { createLog } from '../../dist/src/core/log.js';
import { createWorkflowEngine, createDrill, RunService } from '../../dist/src/runs/run-runtime.js';
import { startCluster } from './cluster.js';
import { DrillWatch } from './drill-watch.js';
import { FaultInjector } from './fault-injector.js';
import { planFaults } from './fault-plan.js';
import { between, randomFrom } from './random.js';
import { judge } from './verdict.js';
import { WorkerPool } from './worker-pool.js';

/** So many parts that all workers have something to do until the end. */
const CHUNKS = 64;
const LONGEST_MS = 60_000;

/**
 * @typedef {object} Experiment
 * @property {number} seed
 * @property {number} operations
 * @property {number | undefined} workers
 * @property {AbortSignal} signal
 *
 * @typedef {object} Finding
 * @property {number} seed
 * @property {number} workers
 * @property {number} rows
 * @property {number} distinct
 * @property {number} seconds
 * @property {readonly string[]} faults
 * @property {readonly number[]} recoveryMs of each run that a killed worker was executing
 * @property {readonly string[]} problems
 */

/**
 * One drill on a database and workers of its own, disturbed as the seed says. Whatever it started has ended when it
 * resolves.
 * @param {Experiment} experiment
 * @returns {Promise<Finding>}
 */
export async function runExperiment(experiment) {
  const random = randomFrom(experiment.seed);
  // Drawn in any case: the same seed plans the same faults for any number of workers.
  const drawn = between(random, 2, 4);
  const workers = experiment.workers ?? drawn;
  const log = createLog({ level: 'silent' });
  const cluster = await startCluster(log);
  const pool = new WorkerPool(cluster.url, cluster.folder);
  try {
    experiment.signal.throwIfAborted();
    const database = await connectDatabase({ url: cluster.url, log, max: 4 });
    try {
      await migrate(database, MIGRATIONS);
      const finding = await runDrill({ experiment, random, workers, cluster, pool, database, log });
      await pool.stop();
      const problems = [...finding.problems, ...pool.problems];
      return { ...finding, problems: problems.length === 0 ? [] : [...problems, ...pool.lines] };
    } finally {
      await database.close();
    }
  } finally {
    await pool.stop();
    await cluster.remove();
  }
}

/**
 * @typedef {object} DrillParts
 * @property {Experiment} experiment
 * @property {() => number} random
 * @property {number} workers
 * @property {import('./cluster.js').Cluster} cluster
 * @property {WorkerPool} pool
 * @property {import('../../dist/src/core/db/index.js').Database} database
 * @property {import('../../dist/src/core/log.js').Log} log
 */

/**
 * @param {DrillParts} parts
 * @returns {Promise<Finding>}
 */
async function runDrill(parts) {
  const { experiment, random, workers, pool, database, log } = parts;
  const { seed, operations } = experiment;
  const drill = createDrill(database);
  // Like a master: it starts and follows, and executes nothing.
  const runs = new RunService({ database, engine: createWorkflowEngine({ database, log }), log });
  runs.register(drill.run);
  runs.register(drill.chunk);
  await runs.open();
  try {
    await pool.start(workers);
    const startedMs = performance.now();
    const { runId } = await runs.start('drill', { operations, chunks: CHUNKS, seed, keep: true });
    const watch = new DrillWatch(database, runId);
    const injector = new FaultInjector({ ...parts, watch, operations });
    const run = await disturb(injector, planFaults(random), (signal) =>
      ended(runs, runId, [signal, experiment.signal]),
    );
    const seconds = (performance.now() - startedMs) / 1000;
    await pool.settle();
    const { counts, problems } = await judge(database, { run, operations, seed, workerPids: () => pool.pids });
    const times = await Promise.all(injector.interruptions.map((interruption) => watch.recoveryMs(interruption)));
    const recoveryMs = times.filter((ms) => ms !== undefined).map((ms) => Math.round(ms));
    const { rows, distinct } = counts;
    return { seed, workers, rows, distinct, seconds, faults: injector.injected, recoveryMs, problems };
  } finally {
    await runs.close();
    await drill.close();
  }
}

/**
 * @template T
 * @param {FaultInjector} injector
 * @param {readonly import('./fault-plan.js').PlannedFault[]} plan
 * @param {(signal: AbortSignal) => Promise<T>} drill
 * @returns {Promise<T>}
 */
async function disturb(injector, plan, drill) {
  const over = new AbortController();
  const failed = new AbortController();
  const injecting = injector.inject(plan, over.signal).catch((error) => failed.abort(error));
  try {
    return await drill(failed.signal);
  } finally {
    over.abort();
    await injecting;
  }
}

/**
 * @param {RunService} runs
 * @param {string} runId
 * @param {readonly AbortSignal[]} signals
 */
async function ended(runs, runId, signals) {
  const late = AbortSignal.timeout(LONGEST_MS);
  try {
    return await runs.waitFor(runId, { signal: AbortSignal.any([...signals, late]) });
  } catch (error) {
    if (!late.aborted) throw error;
    return runs.get(runId);
  }
}
