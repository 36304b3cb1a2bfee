/**
 * Live events: a master as users start it, on which runs are executed, and a crowd of clients that each follow everything.
 * Ids grow by one, so that an event which a client did not get is known by its number.
 */
import { spawn } from 'node:child_process';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startProduct } from '../test/interop/product-server.js';
import { gatherCrowd, lostOf, settle } from './events/event-crowd.js';
import { machine, printMachine } from './machine.js';

const MAIN = fileURLToPath(new URL('../dist/bin/lightdom.js', import.meta.url));
const PACKAGES = ['fastify', 'prom-client'];
const STATUS_INTERVAL_MS = 200;
const LAST_EVENTS_MS = 10_000;
const CLOSING_MS = 2_000;

const USAGE = `npm run bench -- events [--clients N] [--seconds N] [--json]

  --clients N  clients at the same time (1000, at most 1024)
  --seconds N  for which they follow (60, at most 60)
  --json       one JSON document instead of a table
`;

/** @typedef {import('../test/interop/product-server.js').ProductServer} ProductServer */

/** @param {readonly string[]} args */
export async function run(args) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      clients: { type: 'string', default: '1000' },
      seconds: { type: 'string', default: '60' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const [clients, seconds] = [Number(values.clients), Number(values.seconds)];
  const isMeant = isBetween(clients, 1_024) && isBetween(seconds, 60);
  if (values.help || !isMeant) {
    console.log(USAGE);
    return;
  }
  const flags = ['--set', `services.startup.statusInterval=${STATUS_INTERVAL_MS}`];
  const product = await startProduct({ flags });
  try {
    const report = await measure(product, { clients, seconds });
    if (values.json) console.log(JSON.stringify({ machine: machine(PACKAGES), ...report }, null, 2));
    else print(report);
    if (report.lost > 0 || report.ended > 0) process.exitCode = 1;
  } finally {
    await product.close();
  }
}

/** @param {ProductServer} product @param {{ clients: number, seconds: number }} plan */
async function measure(product, { clients, seconds }) {
  const server = { url: product.url.replace(/\/mcp$/, ''), token: product.token };
  await numbersOf(server);
  const before = await numbersOf(server);
  const crowd = await gatherCrowd(server, clients);
  const connected = await numbersOf(server);
  const startedMs = performance.now();
  const work = drills(product);
  const samples = [];
  while (performance.now() - startedMs < seconds * 1_000) {
    await delay(Math.min(1_000, (seconds * 1_000) / 10));
    samples.push((await numbersOf(server)).rssMb);
  }
  work.stop();
  const goal = await settle(crowd, LAST_EVENTS_MS);
  const [lost, ended] = [lostOf(crowd, goal), crowd.filter(({ isEnded }) => isEnded).length];
  const events = goal - Math.min(...crowd.map(({ firstId }) => firstId));
  const delivered = crowd.reduce((sum, client) => sum + client.events, 0);
  const tookSeconds = (performance.now() - startedMs) / 1_000;
  const after = await numbersOf(server);
  for (const client of crowd) client.cut();
  await delay(CLOSING_MS);
  const left = await numbersOf(server);
  const along = { begin: samples[0], middle: samples[Math.floor(samples.length / 2)], end: samples.at(-1) };
  const memory = { before, connected, along, peakMb: Math.max(...samples), after, left };
  return { clients, seconds, events, delivered, perSecond: Math.round(delivered / tookSeconds), lost, ended, memory };
}

/**
 * Has runs executed, one after the other, so that something happens.
 * @param {ProductServer} product
 */
function drills({ dataDir }) {
  let isOver = false;
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let child;
  const next = () => {
    if (isOver) return;
    const args = ['runs', 'drill', '--operations', '200000', '--chunks', '20', '--data-dir', dataDir];
    child = spawn(process.execPath, [MAIN, ...args], { stdio: 'ignore' });
    child.once('exit', next);
  };
  next();
  return {
    stop() {
      isOver = true;
      child?.kill('SIGTERM');
    },
  };
}

/** @param {{ url: string, token: string }} server */
async function numbersOf({ url, token }) {
  const answer = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
  const text = await answer.text();
  const value = (/** @type {string} */ name) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  return {
    rssMb: Math.round(value('process_resident_memory_bytes') / 2 ** 20),
    streams: value('lightdom_event_streams'),
    dropped: value('lightdom_event_streams_dropped_total'),
  };
}

/** @param {Awaited<ReturnType<typeof measure>>} report */
function print({ clients, events, delivered, perSecond, lost, ended, memory }) {
  printMachine(machine(PACKAGES));
  console.log(`\n${clients} clients, up to ${events} events each: ${delivered} delivered, ${perSecond} per second`);
  console.log(`lost ${lost}, streams that ended early ${ended}, dropped ${memory.after.dropped}`);
  console.log(
    `resident memory of the master: ${memory.before.rssMb} MB before, ${memory.connected.rssMb} MB connected, ` +
      `${memory.along.begin} MB at the begin of the events, ${memory.along.middle} MB in the middle, ` +
      `${memory.along.end} MB when they end, ${memory.peakMb} MB at most, ${memory.after.rssMb} MB once all had them, ${memory.left.rssMb} MB without clients`,
  );
}

/** @param {number} value @param {number} most */
function isBetween(value, most) {
  return Number.isInteger(value) && value >= 1 && value <= most;
}
