#!/usr/bin/env node
/** Writes the files of a new tool, resource, prompt or migration from the living example: `npm run new -- KIND NAME`. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { KINDS } from './new/kinds.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const OXFMT = fileURLToPath(new URL('../node_modules/oxfmt/bin/oxfmt', import.meta.url));

try {
  create(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}

/** @param {readonly string[]} args */
function create([kindName = '', name = '']) {
  const kind = KINDS.find((one) => one.name === kindName);
  if (kind === undefined) {
    const usages = KINDS.map((one) => `  npm run new -- ${one.name} ${one.exampleName}`);
    throw new Error(`There is no kind "${kindName}". What can be made:\n${usages.join('\n')}`);
  }
  const plan = kind.plan(ROOT, name);
  const taken = plan.created.find((file) => existsSync(join(ROOT, file.path)));
  if (taken !== undefined) throw new Error(`${taken.path} exists already; choose another name or delete it first.`);
  const files = [...plan.created, ...plan.changed];
  for (const file of files) {
    mkdirSync(dirname(join(ROOT, file.path)), { recursive: true });
    writeFileSync(join(ROOT, file.path), file.text);
  }
  spawnSync(process.execPath, [OXFMT, ...files.map((file) => file.path)], { cwd: ROOT });
  for (const file of plan.created) console.log(`wrote    ${file.path}`);
  for (const file of plan.changed) console.log(`changed  ${file.path}`);
  console.log(`\nNext:\n${plan.next.map((step, index) => `  ${index + 1}. ${step}`).join('\n')}`);
}
