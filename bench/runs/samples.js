import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { connectDatabase } from '../../dist/src/core/db/index.js';
import { createSilentLog } from '../../dist/src/core/log.js';
import { drillSum } from '../../dist/src/runs/drill/drill-task.js';
import { Children } from './children.js';
import { readMeters, tableBytes } from './meters.js';

/**
 * @typedef {import('./workload.js').Engine} Engine
 * @typedef {import('./workload.js').Sender} Sender
 * @typedef {import('./bench-cluster.js').BenchCluster} BenchCluster
 * @typedef {import('./bench-cluster.js').Database} Database
 */

/**
 * @typedef {object} Stage what one measurement runs on
 * @property {BenchCluster} cluster
 * @property {string} url of a database that is new
 * @property {Database} database for looking at it
 * @property {Sender} sender
 * @property {Children} children
 */

/** The fewer pieces there are, the less a look costs, and the less its lateness matters. */
const LOOK_MS = { batches: 20, chains: 50, tiny: 5 };
const DATABASE = 'bench_sample';

/**
 * On a new database, without anything of the last measurement; all that was started has ended when it returns.
 * @template T
 * @param {BenchCluster} cluster
 * @param {Engine} engine
 * @param {(stage: Stage) => Promise<T>} measure
 * @returns {Promise<T>}
 */
async function onStage(cluster, engine, measure) {
  const url = await cluster.createDatabase(DATABASE);
  const children = new Children();
  const database = await connectDatabase({ url, log: createSilentLog(), max: 2 });
  try {
    const sender = await engine.open(url);
    try {
      return await measure({ cluster, url, database, sender, children });
    } finally {
      await children.stop();
      await sender.close();
    }
  } finally {
    await database.close();
  }
}

const storedRow = z.object({ rows: z.coerce.number(), distinct: z.coerce.number(), sum: z.string() });

/**
 * From before the first job is put in until the last is done; that the rows are right is looked at afterwards.
 * @param {BenchCluster} cluster
 * @param {Engine} engine
 * @param {{ workers: number, store: import('./workload.js').Store, batches: import('./workload.js').Batches }} options
 */
export function measureBatches(cluster, engine, { workers, store, batches }) {
  return onStage(cluster, engine, async ({ url, database, sender, children }) => {
    const spec = engine.worker({ url, folder: cluster.folder, task: 'batches', store });
    for (let started = 0; started < workers; started += 1) await children.start(spec);
    const { postmasterPid } = cluster;
    const metered = { database, postmasterPid, workerPids: children.pids(), schemas: engine.schemas };
    await database.execute('checkpoint');
    const before = await readMeters({ ...metered, table: '' });
    const startedAt = performance.now();
    const { table, report } = await sender.sendBatches(batches, store);
    await untilDone(sender, children, LOOK_MS.batches);
    const seconds = secondsSince(startedAt);
    const after = await readMeters({ ...metered, table });
    const bytes = await tableBytes(database, table);
    const own = await children.whileAlive(report());
    const wholeSeconds = secondsSince(startedAt);
    await requireRows(database, table, batches);
    const perMillion = 1_000_000 / batches.operations;
    const workerCpuSeconds = (after.workerCpuSeconds - before.workerCpuSeconds) * perMillion;
    const postgresCpuSeconds = (after.postgresCpuSeconds - before.postgresCpuSeconds) * perMillion;
    return {
      operationsPerSecond: batches.operations / seconds,
      ownPerSecond: own === undefined ? undefined : batches.operations / own.seconds,
      wholePerSecond: batches.operations / wholeSeconds,
      workerCpuSeconds,
      postgresCpuSeconds,
      cpuSeconds: workerCpuSeconds + postgresCpuSeconds,
      walMb: ((after.walBytes - before.walBytes) * perMillion) / 1e6,
      tableMb: (bytes * perMillion) / 1e6,
      engineKb: ((after.engineBytes - before.engineBytes) * perMillion) / 1e3,
    };
  });
}

/**
 * From the beginning of the first step until the last is recorded.
 * @param {BenchCluster} cluster
 * @param {Engine} engine
 * @param {{ chains: number, steps: number }} options
 */
export function measureChains(cluster, engine, { chains, steps }) {
  return onStage(cluster, engine, async ({ url, sender, children }) => {
    await children.start(engine.worker({ url, folder: cluster.folder, task: 'chains', store: 'plain' }));
    await sender.sendChains(chains, steps);
    const startedAt = await children.firstAt();
    await untilDone(sender, children, LOOK_MS.chains);
    return { stepsPerSecond: (chains * steps) / secondsSince(startedAt) };
  });
}

/**
 * First all are put in, one after the other, then a worker comes and does them.
 * @param {BenchCluster} cluster
 * @param {Engine} engine
 * @param {{ count: number }} options
 */
export function measureTiny(cluster, engine, { count }) {
  return onStage(cluster, engine, async ({ url, sender, children }) => {
    const sentAt = performance.now();
    await sender.sendTiny(count);
    const startedPerSecond = count / secondsSince(sentAt);
    await children.start(engine.worker({ url, folder: cluster.folder, task: 'tiny', store: 'plain' }));
    const startedAt = await children.firstAt();
    await untilDone(sender, children, LOOK_MS.tiny);
    return { startedPerSecond, completedPerSecond: count / secondsSince(startedAt) };
  });
}

/**
 * @param {Sender} sender
 * @param {Children} children
 * @param {number} lookMs
 */
async function untilDone(sender, children, lookMs) {
  while (!(await children.whileAlive(sender.isDone()))) await delay(lookMs);
}

/**
 * @param {Database} database
 * @param {string} table
 * @param {import('./workload.js').Batches} batches
 */
async function requireRows(database, table, { operations, seed }) {
  const sql = `select count(*) as rows, count(distinct sequence) as distinct, sum(value)::text as sum from ${table}`;
  const [stored] = await database.query(storedRow, sql);
  const sum = drillSum(seed, operations);
  if (stored?.rows === operations && stored.distinct === operations && stored.sum === sum) return;
  throw new Error(`${table} holds ${JSON.stringify(stored)}; expected ${operations} rows with the sum ${sum}.`);
}

/** @param {number} startedAt */
function secondsSince(startedAt) {
  return (performance.now() - startedAt) / 1000;
}
