/**
 * A master with services of a manifest, as users start it. Every 20 s one of them, in turn, is killed by SIGKILL. At the end:
 * availability from the stored transitions, how long each took from the kill until it was ready again, and whether a process
 * is left.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { availabilityOf } from '../dist/src/supervisor/decisions/availability.js';
import { SupervisorStore } from '../dist/src/supervisor/supervisor-runtime.js';
import { startProduct } from '../test/interop/product-server.js';
import { machine, printMachine } from './machine.js';
import { openMasterDatabase } from './master-database.js';
import { markedProcesses } from './process-tree.js';
import { SOAKED, writeServices } from './soak/soaked-services.js';

/** @typedef {import('../dist/src/core/db/index.js').Database} Database */
/** @typedef {{ name: string, atMs: number }} Kill */

const PACKAGES = ['pg'];
const BAR_P95_MS = 1_500;
/** For the last that was killed to come back, and for processes to be gone. */
const PATIENCE_MS = 15_000;
const LOOK_MS = 100;

const USAGE = `npm run bench -- soak [--minutes N] [--every N] [--json]

  --minutes N  10, at most 600; fractions are allowed
  --every N    seconds from one kill to the next (20, at most 600)
  --json       one JSON document instead of a table
`;

/** @param {readonly string[]} args */
export async function run(args) {
  const { values } = parseArgs({
    // `npm run bench -- soak -- --minutes 10` hands a second `--` on.
    args: args.filter((arg) => arg !== '--'),
    options: {
      minutes: { type: 'string', default: '10' },
      every: { type: 'string', default: '20' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const [minutes, everySeconds] = [Number(values.minutes), Number(values.every)];
  if (values.help || !isBetween(minutes, 600) || !isBetween(everySeconds, 600)) {
    console.log(USAGE);
    return;
  }
  const report = await soak(minutes, everySeconds);
  if (values.json) console.log(JSON.stringify({ machine: machine(PACKAGES), ...report }, null, 2));
  else print(report);
  if (!(report.restarts.p95 <= BAR_P95_MS) || report.notBack > 0 || report.left > 0) process.exitCode = 1;
}

/** @param {number} minutes @param {number} everySeconds */
async function soak(minutes, everySeconds) {
  const folder = mkdtempSync(join(tmpdir(), 'lightdom-soak-'));
  const mark = markedProcesses();
  try {
    const manifest = await writeServices(folder, mark.env);
    Object.assign(process.env, mark.env);
    const product = await startProduct({ flags: ['--set', `services.startup.manifest=${manifest}`] });
    let measured;
    try {
      measured = await soakProduct(product, { minutes, everySeconds });
    } finally {
      await product.close();
    }
    return { minutes, everySeconds, ...measured, left: await leftOf(mark) };
  } finally {
    mark.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {import('../test/interop/product-server.js').ProductServer} product
 * @param {{ minutes: number, everySeconds: number }} plan
 */
async function soakProduct({ dataDir }, { minutes, everySeconds }) {
  const database = await openMasterDatabase(dataDir);
  try {
    await allReady(database);
    const fromMs = Date.now();
    const kills = await killInTurn(database, { untilMs: fromMs + minutes * 60_000, everySeconds });
    await allReady(database);
    return await resultOf(database, { kills, fromMs, toMs: Date.now() });
  } finally {
    await database.close();
  }
}

/** @param {Database} database @param {{ untilMs: number, everySeconds: number }} plan @returns {Promise<readonly Kill[]>} */
async function killInTurn(database, { untilMs, everySeconds }) {
  /** @type {Kill[]} */
  const kills = [];
  for (;;) {
    const waitMs = Math.min(everySeconds * 1_000, untilMs - Date.now());
    await delay(Math.max(0, waitMs));
    if (waitMs < everySeconds * 1_000) return kills;
    const name = SOAKED[kills.length % SOAKED.length] ?? '';
    const pid = await pidOf(database, name);
    if (pid === undefined) throw new Error(`Service ${name} has no process ${everySeconds} s after the kill before.`);
    const atMs = Date.now();
    process.kill(pid, 'SIGKILL');
    kills.push({ name, atMs });
    process.stderr.write(`${new Date(atMs).toISOString()} killed ${name}, process ${pid}\n`);
  }
}

const pidRow = z.object({ pid: z.number().nullable() });

/** @param {Database} database @param {string} name */
async function pidOf(database, name) {
  const rows = await database.query(pidRow, 'select pid from lightdom.service where name = $1', [name]);
  return rows[0]?.pid ?? undefined;
}

const stateRow = z.object({ name: z.string(), to_state: z.string() });

/** Throws when they are not all ready in time. @param {Database} database */
async function allReady(database) {
  const sql = `select distinct on (name) name, to_state from lightdom.service_transition
    where name = any($1::text[]) order by name, id desc`;
  for (let waited = 0; ; waited += LOOK_MS) {
    const rows = await database.query(stateRow, sql, [SOAKED]);
    if (rows.length === SOAKED.length && rows.every(({ to_state: state }) => state === 'ready')) return;
    if (waited >= PATIENCE_MS) throw new Error(`Not all services are ready: ${JSON.stringify(rows)}`);
    await delay(LOOK_MS);
  }
}

const readyRow = z.object({ at_ms: z.number().nullable() });
const idRow = z.object({ supervisor_id: z.string() });

/** @param {Database} database @param {{ kills: readonly Kill[], fromMs: number, toMs: number }} window */
async function resultOf(database, { kills, fromMs, toMs }) {
  const sql = `select (extract(epoch from min(at)) * 1000)::float8 as at_ms from lightdom.service_transition
    where name = $1 and to_state = 'ready' and at > to_timestamp($2::float8 / 1000)`;
  const took = [];
  for (const { name, atMs } of kills) {
    const [row] = await database.query(readyRow, sql, [name, atMs]);
    took.push({ name, ms: (row?.at_ms ?? Number.NaN) - atMs });
  }
  const [id] = await database.query(idRow, 'select distinct supervisor_id from lightdom.service');
  const store = new SupervisorStore(database, id?.supervisor_id ?? '');
  /** @type {{ name: string, kills: number, wantedMs: number, readyMs: number, availability: number | undefined, restarts: ReturnType<typeof percentilesOf> }[]} */
  const services = [];
  for (const name of SOAKED) {
    const { wantedMs, readyMs, ratio } = availabilityOf(await store.listChanges(name, fromMs), { fromMs, toMs });
    const own = took.filter((one) => one.name === name).map(({ ms }) => ms);
    services.push({ name, kills: own.length, wantedMs, readyMs, availability: ratio, restarts: percentilesOf(own) });
  }
  const sum = (/** @type {'wantedMs' | 'readyMs'} */ key) => services.reduce((total, one) => total + one[key], 0);
  return {
    services,
    kills: kills.length,
    notBack: took.filter(({ ms }) => Number.isNaN(ms)).length,
    availability: sum('readyMs') / sum('wantedMs'),
    restarts: percentilesOf(took.map(({ ms }) => ms)),
  };
}

/** @param {readonly number[]} values */
function percentilesOf(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (/** @type {number} */ part) => sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95), max: at(1) };
}

/** Processes of ours that are there although all was stopped. @param {ReturnType<typeof markedProcesses>} mark */
async function leftOf(mark) {
  for (let waited = 0; waited < PATIENCE_MS && mark.pids().length > 0; waited += LOOK_MS) await delay(LOOK_MS);
  return mark.pids().length;
}

/** @param {Awaited<ReturnType<typeof soak>>} report */
function print({ minutes, everySeconds, services, kills, notBack, availability, restarts, left }) {
  printMachine(machine(PACKAGES));
  console.log(
    `\n${minutes} minutes, a kill every ${everySeconds} s, ${services.length} services in turn: ${kills} kills, ${notBack} not back`,
  );
  console.log(
    `${''.padEnd(18)}${'kills'.padStart(6)}${'available'.padStart(12)}  ms from kill to ready again: p50, p95, max`,
  );
  const line = (
    /** @type {{ name: string, kills: number, availability: number | undefined, restarts: typeof restarts }} */ one,
  ) =>
    `${one.name.padEnd(18)}${String(one.kills).padStart(6)}${`${(100 * (one.availability ?? Number.NaN)).toFixed(3)} %`.padStart(12)}  ` +
    [one.restarts.p50, one.restarts.p95, one.restarts.max].map((ms) => ms.toFixed(0).padStart(8)).join('');
  for (const service of services) console.log(line(service));
  console.log(line({ name: 'all', kills, availability, restarts }));
  console.log(`p95 is to be at most ${BAR_P95_MS} ms; processes left at the end: ${left}`);
}

/** @param {number} value @param {number} most */
function isBetween(value, most) {
  return value > 0 && value <= most;
}
