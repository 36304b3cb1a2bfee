#!/usr/bin/env node
import process from 'node:process';
import { createApp } from './app.ts';
import { catalog } from './catalog.ts';
import { readVersion } from './core/version.ts';
import { runCli } from './server/index.ts';

const version = readVersion();

process.exitCode = await runCli(process.argv.slice(2), {
  version,
  catalog,
  createMaster: (loaded, log) => createApp({ loaded, log, catalog, version }),
});
