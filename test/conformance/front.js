#!/usr/bin/env node
/** The command line of the product, as users get it, over the catalog with fixtures. */
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { createApp } from '../../dist/src/app.js';
import { runCli } from '../../dist/src/server/index.js';
import { createWorkerApp } from '../../dist/src/worker-app.js';
import { fixtureCatalog } from './fixture-catalog.js';

const version = '0.0.0-conformance';

process.exitCode = await runCli(process.argv.slice(2), {
  version,
  mainFile: fileURLToPath(import.meta.url),
  catalog: fixtureCatalog,
  createMaster: async ({ loaded, log }) => createApp({ loaded, log, catalog: fixtureCatalog, version }),
  reviewManifest: async () => undefined,
  createWorker: async (workerOptions) => createWorkerApp(workerOptions),
});
