import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { versionIn } from '../machine.js';

/**
 * @typedef {object} ReferenceServer
 * @property {string} url of its MCP endpoint
 * @property {string} version
 * @property {() => Promise<void>} close
 */

const PACKAGE = '@modelcontextprotocol/server-everything';
const START_MS = 30_000;
const addressSchema = z.object({ port: z.number() });

/** @param {string} modules the folder `node_modules` that it is in */
export const referenceEntry = (modules) => join(modules, PACKAGE, 'dist/index.js');

/** @param {string} modules */
export const referenceVersion = (modules) => versionIn(join(modules, PACKAGE));

/** The reference server over HTTP. @param {string} modules @returns {Promise<ReferenceServer>} */
export async function startReference(modules) {
  const port = await freePort();
  const child = spawn(process.execPath, [referenceEntry(modules), 'streamableHttp'], {
    env: { ...process.env, PORT: String(port) },
    stdio: 'ignore',
  });
  const exited = new Promise((resolve) => {
    child.once('exit', resolve);
  });
  const url = `http://127.0.0.1:${port}/mcp`;
  for (let waited = 0; (await fetch(url).catch(() => undefined)) === undefined; waited += 100) {
    if (waited >= START_MS || child.exitCode !== null) throw new Error(`${PACKAGE} does not answer at ${url}.`);
    await delay(100);
  }
  return {
    url,
    version: referenceVersion(modules),
    async close() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** It can't be told to take any free one. @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = addressSchema.parse(server.address());
      server.close(() => resolve(port));
    });
  });
}
