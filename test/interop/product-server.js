import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const MAIN = fileURLToPath(new URL('../../dist/bin/lightdom.js', import.meta.url));
const START_MS = 120_000;
/** One load of many calls is one caller. */
const PER_MINUTE = 1_000_000;

/**
 * A master as users start it, on a data folder of its own.
 * @typedef {object} ProductServer
 * @property {string} url of the MCP endpoint
 * @property {string} token
 * @property {string} dataDir
 * @property {number} pid
 * @property {() => Promise<void>} close
 */

/** @param {{ flags?: readonly string[], workspace?: string }} [options] @returns {Promise<ProductServer>} */
export async function startProduct({ flags = [], workspace } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'lightdom-product-'));
  const places = ['--data-dir', folder, '--workspace', workspace ?? folder, '--port', '0'];
  const limits = ['--set', `http.rateLimit.perMinute=${PER_MINUTE}`];
  const child = spawn(process.execPath, [MAIN, 'start', ...places, ...limits, ...flags], { stdio: 'ignore' });
  const exited = new Promise((resolve) => {
    child.once('exit', resolve);
  });
  const close = async () => {
    child.kill('SIGTERM');
    await exited;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const url = await readyUrl(folder, child);
    return {
      url: `${url}/mcp`,
      token: readFileSync(join(folder, 'token'), 'utf8').trim(),
      dataDir: folder,
      pid: child.pid ?? 0,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const ownerSchema = z.object({ url: z.string().optional() });

/** @param {string} folder @param {import('node:child_process').ChildProcess} child */
async function readyUrl(folder, child) {
  for (let waited = 0; waited < START_MS && child.exitCode === null; waited += 100) {
    const { url } = ownerOf(folder);
    const answer = url === undefined ? undefined : await fetch(`${url}/readyz`).catch(() => undefined);
    if (url !== undefined && answer?.ok === true) return url;
    await delay(100);
  }
  throw new Error(`The master did not become ready; it ended with ${child.exitCode}.`);
}

/** @param {string} folder */
function ownerOf(folder) {
  try {
    return ownerSchema.parse(JSON.parse(readFileSync(join(folder, 'master.json'), 'utf8')));
  } catch {
    return { url: undefined };
  }
}
