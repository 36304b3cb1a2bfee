#!/usr/bin/env node
/**
 * Compiles the sources into `dist/`, file by file, then links what users start into the few files of `dist/bin/`: a process
 * that an agent waits for would spend a third of its start on finding and opening modules. `npm run build`.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { linkProduct } from './link.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');
const LINKED = join(ROOT, 'dist/bin');
const DAY_MS = 24 * 60 * 60_000;

const compiled = spawnSync(process.execPath, [TSC, '-p', 'tsconfig.build.json'], { cwd: ROOT, stdio: 'inherit' });
process.exitCode = compiled.status ?? 1;
if (compiled.status === 0) dropOld(await linkProduct());

/** @param {ReadonlySet<string>} current */
function dropOld(current) {
  for (const file of readdirSync(LINKED)) {
    const path = join(LINKED, file);
    if (!current.has(file) && Date.now() - statSync(path).mtimeMs > DAY_MS) rmSync(path);
  }
}
