/**
 * Faults are put into repositories, one at a time, and the TypeScript fixer mends what the compiler says of each, as the
 * agent would: what came of it is compared with what was there before.
 */
import { writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { createLog } from '../dist/src/core/log.js';
import { TypescriptFixer } from '../dist/src/fixers/typescript/typescript-fixer.js';
import { FAULT_CLASSES } from './heal/fault-classes.js';
import { openCheckout } from './heal/heal-checkout.js';
import { HealDiagnostics } from './heal/heal-diagnostics.js';
import { barsOf, printFault, printPass, summaryOf } from './heal/heal-report.js';
import { injectFaults } from './heal/inject-faults.js';
import { fixesOf, mendFault } from './heal/mend-fault.js';
import { machine, printMachine, ROOT } from './machine.js';

const FIXTURE = join(ROOT, 'test/fixtures/heal');
const BASE_TARGETS = 10;

const USAGE = `npm run bench -- heal [--repo DIR]... [--faults N] [--seed N] [--only CLASS] [--no-history] [--json FILE] [--show]

  --repo DIR     git repository with its packages installed; a copy of its last commit is used. The committed fixture without it
  --faults N     faults a repository (96), divided among the classes
  --seed N       other faults for another number (1)
  --only CLASS   one class: ${Object.keys(FAULT_CLASSES).join(', ')}
  --no-history   only without earlier versions; else both ways
  --json FILE    writes all that was measured
  --show         prints each fault and what was done

Each fault is committed on top of the real history, half of them together with a renaming elsewhere in the file. With history
the fixer may therefore read the text from before the fault as an earlier version, which it could in any repository whose
last commit broke it; the figure without history is what is left where that is not so. Ends with 1 when a bar is missed.
`;

/** @param {readonly string[]} args */
export async function run(args) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      repo: { type: 'string', multiple: true, default: [] },
      faults: { type: 'string', default: '96' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string' },
      'no-history': { type: 'boolean', default: false },
      json: { type: 'string' },
      show: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  if (values.only !== undefined && !(values.only in FAULT_CLASSES))
    throw new Error(`There is no class "${values.only}".\n${USAGE}`);
  const wanted = { faults: Number(values.faults), seed: Number(values.seed), only: values.only };
  const folders = values.repo.length === 0 ? [FIXTURE] : values.repo.map((folder) => resolve(folder));
  const passes = [];
  printMachine(machine(['ts-morph']));
  for (const folder of folders) {
    passes.push(...(await healRepository(folder, { wanted, historyFirst: !values['no-history'], show: values.show })));
  }
  for (const pass of passes) printPass(pass);
  const held = values['no-history'] ? passes : passes.filter(({ hasHistory }) => hasHistory);
  for (const pass of held) {
    console.log(`\n${pass.repository}`);
    for (const { title, isHeld } of barsOf(pass)) console.log(`  ${isHeld ? 'held  ' : 'MISSED'} ${title}`);
  }
  if (values.json !== undefined) {
    const report = passes.map((pass) => ({ summary: summaryOf(pass), bars: barsOf(pass), pass }));
    writeFileSync(values.json, `${JSON.stringify(report, undefined, 2)}\n`);
  }
  if (held.some((pass) => barsOf(pass).some(({ isHeld }) => !isHeld))) process.exitCode = 1;
}

/**
 * @param {string} folder
 * @param {{ wanted: { faults: number, seed: number, only: string | undefined }, historyFirst: boolean, show: boolean }} options
 * @returns {Promise<import('./heal/heal-report.js').HealPass[]>}
 */
async function healRepository(folder, { wanted, historyFirst, show }) {
  const checkout = openCheckout(folder);
  const fixer = new TypescriptFixer({ log: createLog({ level: 'warn' }) });
  const diagnostics = new HealDiagnostics(checkout.root);
  try {
    const faults = injectFaults(diagnostics, wanted);
    console.log(`${folder}: ${faults.length} faults, seed ${wanted.seed}`);
    const passes = [];
    for (const hasHistory of historyFirst ? [true, false] : [false]) {
      const bench = { checkout, diagnostics, fixer, hasHistory };
      const mended = [];
      const base = await patchesWithoutFault(bench);
      for (const fault of faults) {
        const each = await mendFault(fault, bench);
        mended.push(each);
        if (show) printFault(each);
      }
      passes.push({ repository: basename(folder), hasHistory, mended, ...base });
    }
    return passes;
  } finally {
    diagnostics.close();
    await fixer.close();
    checkout.remove();
  }
}

/**
 * What was there before is not ours to judge; where nothing was, nothing may be patched, whatever is asked.
 * @param {import('./heal/mend-fault.js').Bench} bench
 */
async function patchesWithoutFault(bench) {
  const { diagnostics } = bench;
  const errors = diagnostics.baseErrors();
  const asked = diagnostics
    .sourcePaths()
    .slice(0, BASE_TARGETS)
    .flatMap((path) =>
      ['ts/2304', 'ts/6133', 'ts/2339'].map((rule) => ({
        source: /** @type {const} */ ('typescript'),
        rule,
        path,
        line: 3,
        message: 'It is gone.',
      })),
    );
  let basePatches = 0;
  for (const target of asked) {
    const fixes = await fixesOf(target, bench);
    basePatches += fixes.filter(({ grade }) => grade !== 'suggestion').length;
  }
  return { baseErrors: errors, basePatches };
}
