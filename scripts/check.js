#!/usr/bin/env node
/** Everything that is checked without running the product: `npm run check`. Runs all steps, then names those that failed. */
import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The build comes first: the generated documents are made from it. */
const STEPS = [
  { name: 'build', command: 'node scripts/build.js' },
  { name: 'types', command: 'tsc -p tsconfig.json' },
  { name: 'types of scripts', command: 'tsc -p scripts/tsconfig.json' },
  { name: 'types of benches', command: 'tsc -p bench/tsconfig.json' },
  { name: 'types of fixtures', command: 'tsc -p test/conformance/tsconfig.json && tsc -p test/interop/tsconfig.json' },
  { name: 'lint', command: 'oxlint --type-aware --deny-warnings' },
  { name: 'format', command: 'oxfmt --check .' },
  { name: 'unused code', command: 'knip' },
  { name: 'generated documents', command: 'node scripts/gen.js --check' },
];

const bin = join(ROOT, 'node_modules', '.bin');
const env = { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}` };

const failed = STEPS.filter((step) => !isPassing(step)).map((step) => step.name);
console.log(failed.length === 0 ? '\nAll checks passed.' : `\nFailed: ${failed.join(', ')}.`);
process.exitCode = failed.length === 0 ? 0 : 1;

/** @param {{ name: string, command: string }} step */
function isPassing(step) {
  const startedAt = performance.now();
  const { status, stdout, stderr } = spawnSync(step.command, { cwd: ROOT, env, shell: true, encoding: 'utf8' });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${step.name} (${seconds} s)`);
  if (status !== 0) console.log(`$ ${step.command}\n${stdout}${stderr}`);
  return status === 0;
}
