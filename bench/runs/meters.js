import { readdirSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { z } from 'zod';

/** @typedef {import('./bench-cluster.js').Database} Database */

/** Linux counts in ticks of 1/100 s on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;

/**
 * @typedef {object} Reading
 * @property {number} workerCpuSeconds
 * @property {number} postgresCpuSeconds of all processes of the cluster, also of sessions that have ended
 * @property {number} walBytes
 * @property {number} engineBytes tables and indexes of the engine's schemas, without the rows that it was told to store
 */

/**
 * @typedef {object} Metered
 * @property {Database} database
 * @property {number | undefined} postmasterPid
 * @property {readonly number[]} workerPids
 * @property {readonly string[]} schemas
 * @property {string} table where the rows go
 */

const walRow = z.object({ bytes: z.coerce.number() });

/**
 * @param {Metered} metered
 * @returns {Promise<Reading>}
 */
export async function readMeters({ database, postmasterPid, workerPids, schemas, table }) {
  const cpu = { workerCpuSeconds: cpuOf(workerPids), postgresCpuSeconds: cpuOf(clusterPids(postmasterPid)) };
  const wal = `select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') as bytes`;
  const size = `select coalesce(sum(pg_total_relation_size(pg_class.oid)), 0) as bytes
    from pg_class join pg_namespace on pg_namespace.oid = relnamespace
    where nspname = any($1::text[]) and relkind in ('r', 'm', 'S') and pg_class.oid is distinct from to_regclass($2)`;
  const [walBytes] = await database.query(walRow, wal);
  const [engineBytes] = await database.query(walRow, size, [schemas, table]);
  return { ...cpu, walBytes: walBytes?.bytes ?? Number.NaN, engineBytes: engineBytes?.bytes ?? Number.NaN };
}

/**
 * @param {Database} database
 * @param {string} table
 */
export async function tableBytes(database, table) {
  const [row] = await database.query(walRow, 'select pg_total_relation_size($1::regclass) as bytes', [table]);
  return row?.bytes ?? Number.NaN;
}

/**
 * The postmaster and its children; the postmaster's own figures contain those of children that have ended.
 * @param {number | undefined} postmasterPid
 */
export function clusterPids(postmasterPid) {
  if (postmasterPid === undefined) return [];
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return [postmasterPid, ...pids.map(Number).filter((pid) => statOf(pid)?.[1] === postmasterPid)];
}

/**
 * User and system time of processes, with all threads and waited-for children.
 * @param {readonly number[]} pids
 */
export function cpuOf(pids) {
  if (process.platform !== 'linux') return Number.NaN;
  let ticks = 0;
  for (const pid of pids) for (const value of statOf(pid)?.slice(11, 15) ?? []) ticks += value;
  return ticks / TICKS_PER_SECOND;
}

/**
 * The fields of /proc/PID/stat from the third, the state, on; undefined when the process has ended.
 * @param {number} pid
 */
function statOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
  } catch {
    return undefined;
  }
}
