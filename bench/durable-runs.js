/**
 * Durable work by LightDom, pg-boss and graphile-worker: batches that are stored exactly once, steps one after the other,
 * runs that do nothing, and what a million operations cost. All on one Postgres that syncs each commit, with worker
 * processes of their own, one engine at a time, the order turned round in every other round. The ratios within one
 * run are the figures to compare: the rates depend on what else the machine does.
 *
 * LightDom's operations are those of the product's own drill by the product's own worker. Its peers are given the same
 * rows to make and the same statements to store them, and the settings that their documentation recommends.
 */
import process from 'node:process';
import { parseArgs } from 'node:util';
import { machine, printMachine, ROOT, versionIn } from './machine.js';
import { startCluster } from './runs/bench-cluster.js';
import { graphileEngine } from './runs/graphile-engine.js';
import { lightdomEngine } from './runs/lightdom-engine.js';
import { pgBossEngine } from './runs/pg-boss-engine.js';
import { printReport, reportOf } from './runs/report.js';
import { measureBatches, measureChains, measureTiny } from './runs/samples.js';
import { CHAINS, STEPS, TINY_RUNS } from './runs/workload.js';

/**
 * @typedef {import('./runs/bench-cluster.js').BenchCluster} BenchCluster
 * @typedef {import('./runs/report.js').Row} Row
 */

const PACKAGES = ['@dbos-inc/dbos-sdk', 'pg-boss', 'graphile-worker'];
const SEED = 7;

const USAGE = `npm run bench -- runs [--operations N] [--rounds N] [--json]

  --operations N  operations of one measurement (1000000); fewer for a quick try, from 10000 on
  --rounds N      measurements of each row (3)
  --json          one JSON document instead of tables
`;

/** @param {readonly string[]} args */
export async function run(args) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      operations: { type: 'string', default: '1000000' },
      rounds: { type: 'string', default: '3' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const operations = Number(values.operations);
  const rounds = Number(values.rounds);
  const isMeant = Number.isInteger(operations) && operations >= 10_000 && Number.isInteger(rounds) && rounds >= 1;
  if (values.help || !isMeant) {
    console.log(USAGE);
    return;
  }
  const cluster = await startCluster();
  const stopListening = onSuddenEnd(() => cluster.stop());
  try {
    const platform = { ...machine(PACKAGES), lightdom: versionIn(ROOT), postgres: cluster.version };
    if (!values.json) {
      printMachine(platform);
      console.log(`LightDom ${platform.lightdom}, Postgres ${platform.postgres}, each commit synced to the disk`);
    }
    const rows = plan(cluster, operations);
    await withoutStdout(() => measureAll(rows, rounds));
    const report = reportOf(rows);
    if (values.json) console.log(JSON.stringify({ machine: platform, operations, rounds, report }, null, 2));
    else printReport(report, { operations, rounds });
  } finally {
    stopListening();
    await cluster.stop();
  }
}

/**
 * @param {BenchCluster} cluster
 * @param {number} operations
 * @returns {Row[]}
 */
function plan(cluster, operations) {
  const engines = [lightdomEngine, pgBossEngine, graphileEngine];
  const batches = { operations, seed: SEED };
  /** @type {Row[]} */
  const rows = [];
  for (const workers of [1, 2]) {
    for (const [engine, store, guarantee] of STORES) {
      const measure = () => measureBatches(cluster, engine, { workers, store, batches });
      rows.push({ table: 'batches', engine: engine.name, detail: guarantee, workers, measure, samples: [] });
    }
  }
  for (const chains of [1, CHAINS]) {
    for (const engine of engines) {
      const what = engine === lightdomEngine ? 'steps of one run' : 'chained jobs';
      const detail = chains === 1 ? what : `${what}, ${chains} at a time`;
      const measure = () => measureChains(cluster, engine, { chains, steps: STEPS });
      rows.push({ table: 'steps', engine: engine.name, detail, workers: chains, measure, samples: [] });
    }
  }
  for (const engine of engines) {
    const measure = () => measureTiny(cluster, engine, { count: TINY_RUNS });
    const detail = engine === lightdomEngine ? 'runs' : 'jobs';
    rows.push({ table: 'tiny', engine: engine.name, detail, workers: 1, measure, samples: [] });
  }
  return rows;
}

/** @type {[import('./runs/workload.js').Engine, import('./runs/workload.js').Store, string][]} */
const STORES = [
  [lightdomEngine, 'joined', 'exactly once'],
  [pgBossEngine, 'joined', 'exactly once: completed in the same transaction'],
  [pgBossEngine, 'key', 'exactly once: unique key, on conflict do nothing'],
  [pgBossEngine, 'plain', 'at least once'],
  [graphileEngine, 'key', 'exactly once: unique key, on conflict do nothing'],
  [graphileEngine, 'plain', 'at least once'],
];

/**
 * @param {readonly Row[]} rows
 * @param {number} rounds
 */
async function measureAll(rows, rounds) {
  for (let round = 0; round < rounds; round += 1) {
    for (const row of round % 2 === 0 ? rows : rows.toReversed()) {
      process.stderr.write(`round ${round + 1} of ${rounds}: ${row.table}, ${row.engine}, ${row.detail}\n`);
      row.samples.push(await row.measure());
    }
  }
}

/**
 * The library of LightDom's engine prints when it makes its tables; stdout is for the report.
 * @param {() => Promise<void>} work
 */
async function withoutStdout(work) {
  const { stdout, stderr } = process;
  const write = stdout.write.bind(stdout);
  stdout.write = stderr.write.bind(stderr);
  try {
    await work();
  } finally {
    stdout.write = write;
  }
}

/**
 * The server outlives us unless it is stopped; worker processes end by themselves.
 * @param {() => Promise<void>} stop
 */
function onSuddenEnd(stop) {
  /** @param {number} exitCode */
  const end = (exitCode) => {
    void stop().finally(() => process.exit(exitCode));
  };
  const onInterrupt = () => end(130);
  const onTerminate = () => end(143);
  /** @param {unknown} error */
  const onUncaught = (error) => {
    console.error(error);
    end(1);
  };
  process.once('SIGINT', onInterrupt).once('SIGTERM', onTerminate).once('uncaughtException', onUncaught);
  return () => {
    process.off('SIGINT', onInterrupt).off('SIGTERM', onTerminate).off('uncaughtException', onUncaught);
  };
}
