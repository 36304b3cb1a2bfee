/**
 * From the spawn of `lightdom start` until it is ready with all core services: cold, where the database cluster is made, and
 * warm, on the same data folder. By milestone, and by service from the transitions that the supervisor stored. Then the
 * memory of the whole tree of processes, with Postgres and the workers, when nothing has been asked of it for a while.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { machine, printMachine } from './machine.js';
import { openMasterDatabase } from './master-database.js';
import { spreadOf } from './measure.js';
import { markedProcesses } from './process-tree.js';
import { memoryOf } from './startup/process-memory.js';

const MAIN = fileURLToPath(new URL('../dist/bin/lightdom.js', import.meta.url));
const PACKAGES = ['@dbos-inc/dbos-sdk', 'fastify', 'pg'];
const BARS = { coldMs: 10_000, warmMs: 3_000, idleMb: 600 };
const LAST_CHARACTERS = 2_000;

const USAGE = `npm run bench -- startup [--rounds N] [--idle-seconds N] [--json]

  --rounds N        of a cold and a warm start each (5, at most 50)
  --idle-seconds N  until memory is looked at (30, at most 600)
  --json            one JSON document instead of a table
`;

/** What the process writes on its way, and what that means is over. */
const MILESTONES = [
  { name: 'process and modules', begins: 'LightDom ' },
  { name: 'Postgres', begins: '', contains: '"the embedded database is up"' },
  { name: 'migrations, parts of the system', begins: 'phase 1 Core services: started' },
  { name: 'phase 1, core services', begins: 'phase 1 Core services: done' },
  { name: 'phases 2 to 5', begins: 'phase 5 ' },
];

/** @typedef {{ name: string, ms: number }} Part */
/** @typedef {{ name: string, fromMs: number, tookMs: number }} ServiceStart from the spawn to its start; from then until it was ready */
/** @typedef {{ totalMs: number, parts: readonly Part[], services: readonly ServiceStart[] }} Start */

/** @param {readonly string[]} args */
export async function run(args) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string', default: '5' },
      'idle-seconds': { type: 'string', default: '30' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const [rounds, idleSeconds] = [Number(values.rounds), Number(values['idle-seconds'])];
  if (values.help || !isBetween(rounds, 50) || !isBetween(idleSeconds, 600)) {
    console.log(USAGE);
    return;
  }
  const report = await measure(rounds, idleSeconds);
  if (values.json) console.log(JSON.stringify({ machine: machine(PACKAGES), bars: BARS, ...report }, null, 2));
  else print(report);
  const { cold, warm, idle } = report;
  const isWithin = cold.total.median <= BARS.coldMs && warm.total.median <= BARS.warmMs && idle.totalMb <= BARS.idleMb;
  if (!isWithin) process.exitCode = 1;
}

/** @param {number} rounds @param {number} idleSeconds */
async function measure(rounds, idleSeconds) {
  /** @type {{ cold: Start[], warm: Start[] }} */
  const starts = { cold: [], warm: [] };
  /** @type {ReturnType<typeof memoryOf> | undefined} */
  let idle;
  for (let round = 0; round < rounds; round += 1) {
    const folder = mkdtempSync(join(tmpdir(), 'lightdom-bench-'));
    try {
      starts.cold.push(await withMaster(folder, ({ start }) => Promise.resolve(start)));
      starts.warm.push(
        await withMaster(folder, async ({ start, pids }) => {
          if (round < rounds - 1) return start;
          await delay(idleSeconds * 1_000);
          idle = memoryOf(pids());
          return start;
        }),
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  if (idle === undefined) throw new Error('No memory was measured.');
  return { rounds, idleSeconds, cold: summaryOf(starts.cold), warm: summaryOf(starts.warm), idle };
}

/**
 * @param {string} folder
 * @param {(started: { start: Start, pids: () => readonly number[] }) => Promise<Start>} work
 */
async function withMaster(folder, work) {
  const mark = markedProcesses();
  const spawnedMs = Date.now();
  const child = spawn(
    process.execPath,
    [MAIN, 'start', '--json', '--data-dir', folder, '--workspace', folder, '--port', '0'],
    { env: { ...process.env, ...mark.env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const exited = once(child, 'exit');
  try {
    const reachedMs = new Map();
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      said += text;
      for (const { name, begins, contains = '' } of MILESTONES) {
        const isReached = said.split('\n').some((line) => line.startsWith(begins) && line.includes(contains));
        if (isReached && !reachedMs.has(name)) reachedMs.set(name, Date.now() - spawnedMs);
      }
    });
    await Promise.race([once(child.stdout, 'data'), exited]);
    const totalMs = Date.now() - spawnedMs;
    if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}:\n${said.slice(-LAST_CHARACTERS)}`);
    const services = await servicesOf(folder, spawnedMs);
    const start = { totalMs, parts: partsOf(reachedMs, totalMs), services };
    return await work({ start, pids: () => mark.pids() });
  } finally {
    child.kill('SIGTERM');
    await exited;
    mark.end();
  }
}

/** @param {ReadonlyMap<string, number>} reachedMs @param {number} totalMs @returns {Part[]} */
function partsOf(reachedMs, totalMs) {
  const ends = [
    ...MILESTONES.map(({ name }) => ({ name, at: reachedMs.get(name) ?? Number.NaN })),
    { name: 'first answer', at: totalMs },
  ];
  return ends.map(({ name, at }, index) => ({ name, ms: at - (ends[index - 1]?.at ?? 0) }));
}

const transitionRow = z.object({ name: z.string(), begun_ms: z.number(), ready_ms: z.number() });

/** @param {string} folder @param {number} sinceMs @returns {Promise<ServiceStart[]>} */
async function servicesOf(folder, sinceMs) {
  const database = await openMasterDatabase(folder);
  try {
    const sql = `select name,
        (extract(epoch from min(at) filter (where to_state = 'starting')) * 1000)::float8 as begun_ms,
        (extract(epoch from min(at) filter (where to_state = 'ready')) * 1000)::float8 as ready_ms
      from lightdom.service_transition where at >= to_timestamp($1::float8 / 1000)
      group by name having bool_or(to_state = 'ready') order by 3`;
    const rows = await database.query(transitionRow, sql, [sinceMs]);
    return rows.map(({ name, begun_ms: begun, ready_ms: ready }) => ({
      name,
      fromMs: begun - sinceMs,
      tookMs: ready - begun,
    }));
  } finally {
    await database.close();
  }
}

/** @param {readonly Start[]} starts */
function summaryOf(starts) {
  const [first] = starts;
  return {
    total: spreadOf(starts.map(({ totalMs }) => totalMs)),
    parts: (first?.parts ?? []).map(({ name }, index) => ({
      name,
      ms: spreadOf(starts.map(({ parts }) => parts[index]?.ms ?? Number.NaN)),
    })),
    services: (first?.services ?? []).map(({ name }) => {
      const all = starts.flatMap(({ services }) => services.filter((service) => service.name === name));
      return {
        name,
        fromMs: spreadOf(all.map(({ fromMs }) => fromMs)),
        tookMs: spreadOf(all.map(({ tookMs }) => tookMs)),
      };
    }),
  };
}

/** @param {Awaited<ReturnType<typeof measure>>} report */
function print({ rounds, idleSeconds, cold, warm, idle }) {
  printMachine(machine(PACKAGES));
  console.log(`\nfrom spawn to ready, ms, median of ${rounds} rounds (least–most)`);
  for (const [title, { total, parts, services }, bar] of /** @type {const} */ ([
    ['cold', cold, BARS.coldMs],
    ['warm', warm, BARS.warmMs],
  ])) {
    console.log(`\n${title.padEnd(36)}${textOf(total).padStart(24)}  to be at most ${bar}`);
    for (const { name, ms } of parts) console.log(`  ${name.padEnd(34)}${textOf(ms).padStart(24)}`);
    for (const { name, fromMs, tookMs } of services) {
      console.log(`    service ${name.padEnd(24)}${textOf(tookMs).padStart(24)}  begun at ${fromMs.median.toFixed(0)}`);
    }
  }
  console.log(
    `\nmemory of the tree after ${idleSeconds} s of idling: ${idle.totalMb.toFixed(0)} MB, to be at most ${BARS.idleMb}`,
  );
  for (const { name, count, mb, kind } of idle.programs)
    console.log(`  ${name.padEnd(34)}${`${mb.toFixed(0)} MB ${kind}`.padStart(24)}  ${count} processes`);
}

/** @param {ReturnType<typeof spreadOf>} spread */
function textOf({ median, min, max }) {
  return `${median.toFixed(0)} (${min.toFixed(0)}–${max.toFixed(0)})`;
}

/** @param {number} value @param {number} most */
function isBetween(value, most) {
  return Number.isInteger(value) && value >= 1 && value <= most;
}
