import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { connectDatabase, resolvePostgres } from '../../dist/src/core/db/index.js';
import { createSilentLog } from '../../dist/src/core/log.js';

/** @typedef {import('../../dist/src/core/db/index.js').Database} Database */

/**
 * A Postgres of our own that syncs each commit to the disk, and goes with its folder.
 * @typedef {object} BenchCluster
 * @property {string} folder for whatever else wants one
 * @property {string} version
 * @property {number | undefined} postmasterPid where /proc tells it
 * @property {(name: string) => Promise<string>} createDatabase returns its URL; an older one of that name is dropped
 * @property {() => Promise<void>} stop
 */

const versionRow = z.object({ server_version: z.string() });
const sessionsRow = z.object({ sessions: z.coerce.number() });
const LOOKS = 250;
const LOOK_MS = 20;

const pidRow = z.object({ pid: z.number() });

/** @returns {Promise<BenchCluster>} */
export async function startCluster() {
  const log = createSilentLog();
  const folder = mkdtempSync(join(tmpdir(), 'lightdom-bench-'));
  /** @type {(() => Promise<void>)[]} */
  const closers = [async () => rmSync(folder, { recursive: true, force: true })];
  const stop = async () => {
    for (const close of closers.splice(0).toReversed()) await close();
  };
  try {
    const server = await resolvePostgres({ dataDir: join(folder, 'postgres'), log, durability: 'full' });
    closers.push(() => server.stop());
    const database = await connectDatabase({ url: server.url, log, max: 1 });
    closers.push(() => database.close());
    const [version] = await database.query(versionRow, 'show server_version');
    const [backend] = await database.query(pidRow, 'select pg_backend_pid() as pid');
    return {
      folder,
      version: version?.server_version ?? 'unknown',
      postmasterPid: parentOf(backend?.pid),
      async createDatabase(name) {
        await untilLeft(database, name);
        await database.execute(`drop database if exists ${name} with (force)`);
        await database.execute(`create database ${name}`);
        const url = new URL(server.url);
        url.pathname = `/${name}`;
        return url.href;
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * Connections that their pools have given up end a moment later; cut before that, some of them would end this process.
 * @param {Database} database
 * @param {string} name
 */
async function untilLeft(database, name) {
  const sql = 'select count(*) as sessions from pg_stat_activity where datname = $1';
  for (let looks = 0; looks < LOOKS; looks += 1) {
    const [row] = await database.query(sessionsRow, sql, [name]);
    if (row?.sessions === 0) return;
    await delay(LOOK_MS);
  }
}

/** @param {number | undefined} pid */
function parentOf(pid) {
  if (process.platform !== 'linux' || pid === undefined) return undefined;
  return Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}
