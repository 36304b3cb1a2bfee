import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectDatabase } from '../dist/src/core/db/index.js';
import { createSilentLog } from '../dist/src/core/log.js';

/**
 * A connection to the embedded database of a master that runs.
 * @param {string} dataDir
 */
export function openMasterDatabase(dataDir) {
  const password = readFileSync(join(dataDir, 'postgres/password'), 'utf8').trim();
  const port = readFileSync(join(dataDir, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[3];
  const url = `postgresql://lightdom:${password}@127.0.0.1:${port}/lightdom`;
  return connectDatabase({ url, log: createSilentLog(), max: 1 });
}
