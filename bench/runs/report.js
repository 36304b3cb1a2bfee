import { spreadOf } from '../measure.js';
import { TINY_CONCURRENCY as GRAPHILE_CONCURRENCY, TINY_LOCAL_QUEUE } from './graphile-engine.js';
import { TINY_CONCURRENCY } from './lightdom-engine.js';
import { TINY_BATCH } from './pg-boss-engine.js';
import { BATCH_CONCURRENCY, CHUNKS, JOB_OPERATIONS, STEPS, TINY_RUNS } from './workload.js';

/** @typedef {ReturnType<typeof spreadOf>} Spread */

/** @typedef {Readonly<Record<string, number | undefined>>} Sample */

/**
 * @typedef {object} Row one line of a table, measured once a round
 * @property {'batches' | 'steps' | 'tiny'} table
 * @property {string} engine
 * @property {string} detail
 * @property {number} workers rows with the same number are compared with one another
 * @property {() => Promise<Sample>} measure
 * @property {Sample[]} samples
 */

/**
 * @typedef {object} ReportRow
 * @property {Row['table']} table
 * @property {string} engine
 * @property {string} detail
 * @property {number} workers
 * @property {Record<string, Spread>} figures
 * @property {Record<string, Spread>} ratios LightDom's figure divided by this one, round by round
 */

/**
 * @param {readonly Row[]} rows
 * @returns {ReportRow[]}
 */
export function reportOf(rows) {
  return rows.map((row) => {
    const { table, engine, detail, workers, samples } = row;
    const ours = rows.find((one) => one.table === table && one.workers === workers);
    /** @type {Record<string, Spread>} */
    const figures = {};
    /** @type {Record<string, Spread>} */
    const ratios = {};
    for (const name of Object.keys(samples[0] ?? {})) {
      const values = samples.map((sample) => sample[name] ?? Number.NaN);
      figures[name] = spreadOf(values);
      ratios[name] = spreadOf(values.map((value, round) => (ours?.samples[round]?.[name] ?? Number.NaN) / value));
    }
    return { table, engine, detail, workers, figures, ratios };
  });
}

/**
 * @param {readonly ReportRow[]} report
 * @param {{ operations: number, rounds: number }} options
 */
export function printReport(report, { operations, rounds }) {
  const batches = report.filter(({ table }) => table === 'batches');
  console.log(`\nMedians of ${rounds} rounds (min–max). Ratio: LightDom divided by the row, round by round.`);
  printBatches(batches, operations);
  printCost(batches);
  printSteps(report.filter(({ table }) => table === 'steps'));
  printTiny(report.filter(({ table }) => table === 'tiny'));
}

/**
 * @param {readonly ReportRow[]} rows
 * @param {number} operations
 */
function printBatches(rows, operations) {
  console.log(`
1. Operations per second: ${operations} rows, from the first piece put in until the last is done
   LightDom: kind drill, ${CHUNKS} chunks, batches that adapt themselves from 1000 to ${JOB_OPERATIONS}. Peers: jobs of ${JOB_OPERATIONS}.
   Each worker process does ${BATCH_CONCURRENCY} at a time. pg-boss looks every 0.5 s, and at once after a job (notifyWorker).`);
  const lines = rows.map(({ engine, detail, workers, figures, ratios }) => [
    engine,
    String(workers),
    detail,
    rate(figures['operationsPerSecond']),
    ratio(ratios['operationsPerSecond']),
  ]);
  printTable(['engine', 'workers', 'guarantee', 'operations/s', 'ratio'], lines);
  for (const { engine, workers, figures } of rows) {
    if (engine !== 'LightDom') continue;
    const own = `its own report, with the check of what is stored: ${rate(figures['ownPerSecond'])}`;
    console.log(
      `   LightDom, ${workers} workers: ${own}; from outside, to the end: ${rate(figures['wholePerSecond'])}`,
    );
  }
}

/** @param {readonly ReportRow[]} rows */
function printCost(rows) {
  console.log(`
2. Cost per million operations, of the rows above
   engine KB: growth of the engine's own tables and indexes. Ratios of CPU (workers and Postgres together) and WAL.`);
  const lines = rows.map(({ engine, detail, workers, figures, ratios }) => [
    engine,
    String(workers),
    detail.replace(/:.*/, (reason) => (reason.includes('key') ? ', key' : ', completed')),
    text(figures['workerCpuSeconds'], 1),
    text(figures['postgresCpuSeconds'], 1),
    ratio(ratios['cpuSeconds']),
    text(figures['tableMb'], 0),
    text(figures['engineKb'], 0),
    text(figures['walMb'], 0),
    ratio(ratios['walMb']),
  ]);
  const costs = ['worker CPU s', 'Postgres CPU s', 'ratio', 'table MB', 'engine KB', 'WAL MB', 'ratio'];
  printTable(['engine', 'workers', 'guarantee', ...costs], lines);
}

/** @param {readonly ReportRow[]} rows */
function printSteps(rows) {
  console.log(`
3. Durable steps per second: ${STEPS} one after the other, one worker process
   The peers have no steps; nearest to them is a job that puts in the next one.`);
  const lines = rows.map(({ engine, detail, figures, ratios }) => [
    engine,
    detail,
    rate(figures['stepsPerSecond']),
    ratio(ratios['stepsPerSecond']),
  ]);
  printTable(['engine', 'what', 'steps/s', 'ratio'], lines);
}

/** @param {readonly ReportRow[]} rows */
function printTiny(rows) {
  console.log(`
4. Tiny runs per second: ${TINY_RUNS} that do nothing, put in one by one, then done by one worker process
   LightDom: ${TINY_CONCURRENCY} at a time. pg-boss: batchSize ${TINY_BATCH}, looks every 0.5 s and at once after a batch.
   graphile-worker: ${GRAPHILE_CONCURRENCY} at a time, localQueue of ${TINY_LOCAL_QUEUE}, completed in batches.`);
  const lines = rows.map(({ engine, detail, figures, ratios }) => [
    engine,
    detail,
    rate(figures['startedPerSecond']),
    ratio(ratios['startedPerSecond']),
    rate(figures['completedPerSecond']),
    ratio(ratios['completedPerSecond']),
  ]);
  printTable(['engine', 'what', 'put in/s', 'ratio', 'completed/s', 'ratio'], lines);
}

/**
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} lines
 */
function printTable(head, lines) {
  const widths = head.map((title, column) => Math.max(title.length, ...lines.map((line) => line[column]?.length ?? 0)));
  for (const line of [head, ...lines]) {
    console.log(`   ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
  }
}

/** @param {Spread | undefined} spread */
function rate(spread) {
  return text(spread, 0);
}

/** @param {Spread | undefined} spread */
function ratio(spread) {
  return text(spread, 2);
}

/**
 * @param {Spread | undefined} spread
 * @param {number} digits
 */
function text(spread, digits) {
  if (spread === undefined || Number.isNaN(spread.median)) return 'n/a';
  const { median, min, max } = spread;
  return `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`;
}
