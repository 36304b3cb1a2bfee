/**
 * Questions to a large graph: LightDom's rows in memory beside recursive SQL over the same edges in Postgres, in one
 * process, one question after the other. Then what it takes to store such a graph, and to have it back after a start.
 *
 * The graph is that of a repository, repeated until it has the size asked for; it stays in one piece a copy. Impact by SQL
 * follows the same edges to the same depth; LightDom's also follows overrides and other names, so that it reaches more.
 */
import { basename, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { connectDatabase, migrate, MIGRATIONS } from '../dist/src/core/db/index.js';
import { createSilentLog } from '../dist/src/core/log.js';
import { GraphStore } from '../dist/src/graph/graph-store.js';
import { EDGE_KINDS } from '../dist/src/graph/graph-schema.js';
import { degreeOf } from '../dist/src/graph/query/csr.js';
import { CALLS, DEPENDENCIES } from '../dist/src/graph/query/edge-groups.js';
import { GraphView } from '../dist/src/graph/query/graph-view.js';
import { traceCallers, traceImpact } from '../dist/src/graph/query/trace.js';
import { indexFolder } from './index-folder.js';
import { machine, printMachine, ROOT } from './machine.js';
import { startCluster } from './runs/bench-cluster.js';
import { repeated } from './search/questions.js';

const DEPTH = 5;
const ASKED = 200;
const HUBS = 20;
/** Hits of a page, by default. */
const PAGE = 50;
const SEED = 7;
/** How often each question is asked. */
const ROUNDS = 5;

const USAGE = `npm run bench -- queries [DIR] [--nodes N] [--json]

  DIR        repository whose graph is taken; this repository without it
  --nodes N  size that it is repeated to (200000)
  --json     one JSON document instead of a table
`;

/** @typedef {import('../dist/src/core/db/index.js').Database} Database */

/** @param {readonly string[]} args */
export async function run(args) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      nodes: { type: 'string', default: '200000' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const nodes = Number(values.nodes);
  if (values.help || !Number.isInteger(nodes) || nodes < 1) {
    console.log(USAGE);
    return;
  }
  const repository = resolve(positionals[0] ?? ROOT);
  const columns = repeated(await indexFolder(repository), nodes);
  const cluster = await startCluster();
  try {
    const url = await cluster.createDatabase('queries');
    const database = await connectDatabase({ url, log: createSilentLog(), max: 2 });
    try {
      const report = await measure(database, columns);
      const facts = { name: basename(repository), postgres: cluster.version, machine: machine(['pg', 'typescript']) };
      if (values.json) console.log(JSON.stringify({ ...facts, ...report }, null, 2));
      else print({ ...facts, ...report });
    } finally {
      await database.close();
    }
  } finally {
    await cluster.stop();
  }
}

/**
 * @param {Database} database
 * @param {import('../dist/src/graph/graph-schema.js').GraphColumns} columns
 */
async function measure(database, columns) {
  await migrate(database, MIGRATIONS);
  const store = new GraphStore(database);
  const stored = await timed(() =>
    store.publish({ root: '/bench', runId: 'bench', columns }, new AbortController().signal),
  );
  await database.execute('analyze lightdom.graph_edge');
  const loaded = await timed(() => store.load('/bench'));
  const view = new GraphView(loaded.value?.columns ?? columns, stored.value);
  const rows = await timed(() => Promise.resolve([view.forward, view.reverse]));
  const asked = rowsToAsk(view);
  return {
    size: { nodes: view.nodeCount, edges: columns.edges.count },
    storeSeconds: stored.ms / 1000,
    loadSeconds: loaded.ms / 1000,
    adjacencySeconds: rows.ms / 1000,
    callers: {
      lightdom: await latency(asked.any, (row) => shown(traceCallers(view, row, { depth: 1 }))),
      sql: await latency(asked.any, (row) => callersBySql(database, row)),
    },
    impact: {
      lightdom: await latency(asked.any, (row) => shown(traceImpact(view, row, { depth: DEPTH }))),
      sql: await latency(asked.any, (row) => impactBySql(database, row)),
    },
    hubs: {
      lightdom: await latency(asked.hubs, (row) => shown(traceImpact(view, row, { depth: DEPTH }))),
      sql: await latency(asked.hubs, (row) => impactBySql(database, row)),
    },
  };
}

/**
 * Symbols that something uses, at random but the same each time; and those that most uses lead to.
 * @param {GraphView} view
 */
function rowsToAsk(view) {
  const degrees = Int32Array.from({ length: view.nodeCount }, (_, row) => degreeOf(view.reverse, row, DEPENDENCIES));
  const used = Array.from(degrees.keys()).filter((row) => (degrees[row] ?? 0) > 0);
  let state = SEED;
  const any = Array.from({ length: ASKED }, () => {
    // Numerical Recipes' linear congruential generator.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return used[Math.floor((state / 2 ** 32) * used.length)] ?? 0;
  });
  return { any, hubs: used.toSorted((a, b) => (degrees[b] ?? 0) - (degrees[a] ?? 0)).slice(0, HUBS) };
}

/**
 * Makes the first page of an answer, as a tool does.
 * @param {import('../dist/src/graph/query/reach.js').Reach} reached
 */
function shown(reached) {
  reached.slice(0, PAGE);
  return reached.count;
}

const countRow = z.object({ count: z.coerce.number() });

/** @param {Database} database @param {number} row */
async function callersBySql(database, row) {
  const sql = 'select count(distinct source) as count from lightdom.graph_edge where target = $1 and kind = any($2)';
  return (await database.query(countRow, sql, [row, kindsOf(CALLS)]))[0]?.count ?? 0;
}

/** @param {Database} database @param {number} row */
async function impactBySql(database, row) {
  const sql = `with recursive reached (node, depth) as (
      select $1::integer, 0
      union
      select e.source, r.depth + 1 from reached r join lightdom.graph_edge e on e.target = r.node
      where r.depth < ${DEPTH} and e.kind = any($2))
    select count(distinct node) - 1 as count from reached`;
  return (await database.query(countRow, sql, [row, kindsOf(DEPENDENCIES)]))[0]?.count ?? 0;
}

/** @param {number} mask */
function kindsOf(mask) {
  return Array.from(EDGE_KINDS.keys()).filter((kind) => ((mask >> kind) & 1) === 1);
}

/**
 * @param {readonly number[]} rows
 * @param {(row: number) => number | Promise<number>} ask
 */
async function latency(rows, ask) {
  const times = [];
  let hits = 0;
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const row of rows) {
      const started = performance.now();
      const answer = ask(row);
      const count = typeof answer === 'number' ? answer : await answer;
      // The first round warms up.
      if (round === 0) hits += count;
      else times.push(performance.now() - started);
    }
  }
  const sorted = times.toSorted((a, b) => a - b);
  /** @param {number} share */
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1), meanHits: hits / rows.length };
}

/** @template T @param {() => Promise<T>} work */
async function timed(work) {
  const started = performance.now();
  const value = await work();
  return { value, ms: performance.now() - started };
}

/** @param {Awaited<ReturnType<typeof measure>> & { name: string, postgres: string, machine: ReturnType<typeof machine> }} report */
function print({ name, postgres, size, storeSeconds, loadSeconds, adjacencySeconds, ...report }) {
  printMachine(report.machine);
  console.log(`Postgres ${postgres}; ${name} repeated: ${size.nodes} nodes, ${size.edges} edges\n`);
  console.log(
    `stored with indexes in ${storeSeconds.toFixed(2)} s; loaded in ${loadSeconds.toFixed(2)} s, rows built in ${adjacencySeconds.toFixed(2)} s\n`,
  );
  console.log('milliseconds                 p50       p95       p99       max    hits, mean     SQL / LightDom, p99');
  printPair('callers', report.callers);
  printPair(`impact, depth ${DEPTH}`, report.impact);
  printPair(`impact of ${HUBS} hubs`, report.hubs);
}

/** @typedef {Awaited<ReturnType<typeof latency>>} Latency */

/** @param {string} question @param {{ lightdom: Latency, sql: Latency }} pair */
function printPair(question, { lightdom, sql }) {
  printLine(`${question}: LightDom`, lightdom, (sql.p99 / lightdom.p99).toFixed(0));
  printLine(`${question}: SQL`, sql, '');
}

/** @param {string} label @param {Latency} latency @param {string} ratio */
function printLine(label, { p50, p95, p99, max, meanHits }, ratio) {
  const cells = [p50, p95, p99, max].map((value) => value.toFixed(3).padStart(10)).join('');
  console.log(`${label.padEnd(26)}${cells}${meanHits.toFixed(1).padStart(12)}${ratio.padStart(16)}`);
}
