#!/usr/bin/env node
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { catalog } from './catalog.ts';
import { readVersion } from './core/version.ts';
import { runCli } from './server/index.ts';

// The durable engine queries in a way that the driver deprecates; that is nothing a user can act on.
if (process.noDeprecation !== true) process.noDeprecation = true;

const version = readVersion();

process.exitCode = await runCli(process.argv.slice(2), {
  version,
  mainFile: fileURLToPath(import.meta.url),
  catalog,
  createMaster: async ({ loaded, log, isBrief, hurry }) => {
    const { createApp } = await import('./app.ts');
    // As the signal would: whoever listens for it stops in its order.
    const requestStop = (): void => void process.emit('SIGTERM', 'SIGTERM');
    return createApp({ loaded, log, catalog, version, requestStop, isBrief, hurry });
  },
  reviewManifest: async (loaded, file) => (await import('./manifest-review.ts')).reviewManifest(loaded, file),
  createWorker: async (options) => (await import('./worker-app.ts')).createWorkerApp(options),
});
