import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { resolvePostgres } from '../../dist/src/core/db/index.js';

/**
 * @typedef {object} Cluster a Postgres of its own in a temporary folder, started again whenever it dies
 * @property {string} url
 * @property {string} folder for whoever needs one beside it
 * @property {() => void} killPostmaster
 * @property {() => Promise<void>} remove stops it and removes the folder
 */

/**
 * @param {import('../../dist/src/core/log.js').Log} log
 * @returns {Promise<Cluster>}
 */
export async function startCluster(log) {
  const folder = mkdtempSync(join(tmpdir(), 'ld-chaos-'));
  const dataDir = join(folder, 'postgres');
  try {
    const postgres = await resolvePostgres({ dataDir, log, durability: 'full' });
    return {
      url: postgres.url,
      folder,
      killPostmaster: () => process.kill(postmasterPid(dataDir), 'SIGKILL'),
      remove: async () => {
        await postgres.stop();
        removeFolder(folder);
      },
    };
  } catch (error) {
    removeFolder(folder);
    throw error;
  }
}

/**
 * The server writes its pid into the first line.
 * @param {string} dataDir
 */
function postmasterPid(dataDir) {
  const pid = Number.parseInt(readFileSync(join(dataDir, 'data', 'postmaster.pid'), 'utf8'), 10);
  if (Number.isInteger(pid) && pid > 1) return pid;
  throw new Error(`The postmaster of ${dataDir} has no pid.`);
}

/** @param {string} folder */
function removeFolder(folder) {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
