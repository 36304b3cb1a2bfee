#!/usr/bin/env node
/**
 * The product with the fixtures of the conformance suite beside its own tools: the same registry, the same HTTP app with
 * the same guards, its own Postgres and its own runs. Prints one line of JSON, `{ url, token, dataDir }`, and serves until its
 * standard input ends.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createApp } from '../../dist/src/app.js';
import { catalog } from '../../dist/src/catalog.js';
import { loadConfig } from '../../dist/src/core/config/index.js';
import { createLog } from '../../dist/src/core/log.js';
import { fixtureCatalog } from './fixture-catalog.js';
import { registerTaskRuns } from './fixture-tasks.js';

// As the command line does: the durable engine queries in a way that the driver deprecates.
process.noDeprecation = true;

const dataDir = mkdtempSync(join(tmpdir(), 'lightdom-conformance-'));
const flags = { dataDir, workspace: dataDir, http: { port: 0 }, runs: { workers: 0, concurrency: 32 } };
const app = createApp({
  loaded: loadConfig({ flags }),
  log: createLog({ level: process.argv.includes('--verbose') ? 'debug' : 'error' }),
  catalog: process.argv.includes('--bare') ? catalog : fixtureCatalog,
  version: '0.0.0-conformance',
  register: registerTaskRuns,
});
await app.orchestrator.start();
await app.services();
process.stdout.write(
  `${JSON.stringify({ url: app.url(), token: readFileSync(join(dataDir, 'token'), 'utf8').trim(), dataDir })}\n`,
);

process.stdin.resume();
process.stdin.once('end', () => void stop());

async function stop() {
  await app.orchestrator.stop();
  rmSync(dataDir, { recursive: true, force: true });
  process.exitCode = 0;
}
