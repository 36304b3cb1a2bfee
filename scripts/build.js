#!/usr/bin/env node
/**
 * Compiles the sources into `dist/`, file by file, then links what users start into the few files of `dist/bin/`: a process
 * that an agent waits for would spend a third of its start on finding and opening modules. `npm run build`.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { globSync } from 'tinyglobby';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');
const LINKED = join(ROOT, 'dist/bin');
const DAY_MS = 24 * 60 * 60_000;

/**
 * Packages of which the first answer is made. They stay whole families: of a class there must be one alone, or no error is
 * ever recognised. All others are loaded from where they are installed.
 */
const INSIDE = /^(?:zod|commander|env-paths|is-safe-filename|fastest-levenshtein|@modelcontextprotocol\/\w+)(?:\/|$)/;

const compiled = spawnSync(process.execPath, [TSC, '-p', 'tsconfig.build.json'], { cwd: ROOT, stdio: 'inherit' });
process.exitCode = compiled.status ?? 1;
if (compiled.status === 0) await link();

/** What is started by its path, as a process or a thread of its own, is found beside the rest by its name. */
async function link() {
  const workers = globSync(['src/**/*-worker.js', 'src/worker-child.js'], { cwd: join(ROOT, 'dist'), absolute: true });
  const bundle = await rolldown({
    input: {
      lightdom: join(ROOT, 'dist/src/main.js'),
      ...Object.fromEntries(workers.map((file) => [basename(file, '.js'), file])),
    },
    platform: 'node',
    external: (id) => !/^[./]|^[A-Za-z]:/.test(id) && !INSIDE.test(id),
  });
  // Processes that run already load further files by the names that these had when they started.
  const { output } = await bundle.write({
    dir: LINKED,
    chunkFileNames: '[name]-[hash].js',
    entryFileNames: '[name].js',
  });
  await bundle.close();
  dropOld(new Set(output.map(({ fileName }) => fileName)));
}

/** @param {ReadonlySet<string>} current */
function dropOld(current) {
  for (const file of readdirSync(LINKED)) {
    const path = join(LINKED, file);
    if (!current.has(file) && Date.now() - statSync(path).mtimeMs > DAY_MS) rmSync(path);
  }
}
