import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { drillSum } from '../../dist/src/runs/drill/drill-task.js';

/** Some beats of a worker, after which the dead are noticed, and what was left half changed is mended. */
const PATIENCE_MS = 15_000;
const LOOK_MS = 100;

const countsRow = z.object({ rows: z.coerce.number(), distinct: z.coerce.number(), sum: z.string() });
const countRow = z.object({ count: z.coerce.number() });
const pidRow = z.object({ pid: z.number() });

/**
 * @typedef {object} Drill
 * @property {import('../../dist/src/runs/index.js').Run} run as it ended
 * @property {number} operations
 * @property {number} seed
 * @property {() => readonly number[]} workerPids of those that live
 */

/**
 * Compares what is stored with what was to be stored. `problems` is empty when all is as it should be.
 * @param {import('../../dist/src/core/db/index.js').Database} database
 * @param {Drill} drill
 */
export async function judge(database, drill) {
  const { run, operations, seed } = drill;
  const sql = `select count(*) as rows, count(distinct sequence) as distinct, coalesce(sum(value), 0)::text as sum
    from lightdom.drill_${run.runId}`;
  // A drill that has not begun has no table.
  const [counts = { rows: 0, distinct: 0, sum: '0' }] = await database.query(countsRow, sql).catch(() => []);
  const wanted = { rows: operations, distinct: operations, sum: drillSum(seed, operations) };
  /** @type {string[]} */
  const problems = [];
  if (run.status !== 'completed') problems.push(`the drill is ${run.status}: ${run.error?.message ?? ''}`);
  for (const [name, stored] of Object.entries(counts)) {
    const meant = Object.entries(wanted).find(([key]) => key === name)?.[1];
    if (stored !== meant) problems.push(`${name}: ${stored}, not ${meant}`);
  }
  problems.push(...(await leftovers(database, drill)));
  return { counts, problems };
}

/**
 * @param {import('../../dist/src/core/db/index.js').Database} database
 * @param {Drill} drill
 */
async function leftovers(database, { workerPids }) {
  const looks = [
    {
      what: 'runs that have not completed',
      look: () => countOf(database, `select count(*) as count from lightdom.run where status <> 'completed'`),
    },
    {
      what: 'workflows that have not succeeded',
      look: () => countOf(database, `select count(*) as count from dbos.workflow_status where status <> 'SUCCESS'`),
    },
    {
      what: 'rows of dead workers, or workers without one',
      look: async () => {
        const rows = await database.query(pidRow, 'select pid from lightdom.worker');
        const known = new Set(rows.map(({ pid }) => pid));
        const alive = new Set(workerPids());
        return [...known].filter((pid) => !alive.has(pid)).length + [...alive].filter((pid) => !known.has(pid)).length;
      },
    },
  ];
  const left = await Promise.all(looks.map(async ({ what, look }) => ({ what, count: await untilNone(look) })));
  return left.filter(({ count }) => count > 0).map(({ what, count }) => `${count} ${what}`);
}

/**
 * @param {() => Promise<number>} look
 * @returns {Promise<number>}
 */
async function untilNone(look) {
  const deadlineMs = performance.now() + PATIENCE_MS;
  for (;;) {
    const count = await look();
    if (count === 0 || performance.now() > deadlineMs) return count;
    await delay(LOOK_MS);
  }
}

/**
 * @param {import('../../dist/src/core/db/index.js').Database} database
 * @param {string} sql
 */
async function countOf(database, sql) {
  const [row] = await database.query(countRow, sql);
  return row?.count ?? 0;
}
