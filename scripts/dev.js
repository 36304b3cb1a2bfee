#!/usr/bin/env node
/** Compiles on every change and restarts the master: `npm run dev`. Ctrl-C stops both. */
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const TSC = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
const HAS_GROUPS = process.platform !== 'win32';
const COMPILE = [TSC, '-p', 'tsconfig.build.json'];

// The master needs something to start with, even when the sources do not compile at this moment.
spawnSync(process.execPath, COMPILE, { cwd: ROOT, stdio: 'inherit' });

const children = [
  start([...COMPILE, '--watch', '--preserveWatchOutput']),
  start(['--watch', '--watch-preserve-output', 'dist/src/main.js', 'start', '--mode', 'development']),
];

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, stopAll);

/** @param {string[]} args */
function start(args) {
  // A group of its own: the compiler is a child of its launcher, and would outlive it.
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: 'inherit', detached: HAS_GROUPS });
  // Either alone is of no use.
  child.once('exit', stopAll);
  return child;
}

function stopAll() {
  for (const child of children) {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) continue;
    if (HAS_GROUPS) process.kill(-child.pid, 'SIGTERM');
    else child.kill();
  }
}
