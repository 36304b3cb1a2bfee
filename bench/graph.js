/**
 * A cold index of a repository by LightDom's engine and by scip-typescript, alternating, each run as a process of its
 * own on a copy of the same files. CPU (user and system, all threads and children) is the figure to compare: wall time
 * depends on what else the machine does.
 *
 * LightDom's run holds discovery, type resolution and extraction into columns, without the database; scip's
 * run holds the same work and writes its index file.
 */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { copyRepository, hasTsconfig, sizeOf } from './corpus.js';
import { machine, printMachine, ROOT } from './machine.js';
import { measureNode, spreadOf } from './measure.js';
import { scipCounts } from './scip-counts.js';

const INDEX_ONCE = fileURLToPath(new URL('./index-once.js', import.meta.url));
const SCIP = join(ROOT, 'node_modules/@sourcegraph/scip-typescript/dist/src/main.js');

const INDEX_FILE = 'index.scip';
const PACKAGES = ['ts-morph', '@sourcegraph/scip-typescript', 'typescript'];

const USAGE = `npm run bench -- graph [--repo DIR]… [--runs N] [--tsconfig FILE] [--json]

  --repo DIR   repository to index, repeatable; this repository without it
  --runs N     measured runs of each engine, after one warm-up (3)
  --tsconfig FILE
               in place of the repository's own tsconfig.json, for both engines: when packages that it
               extends are not installed
  --json       one JSON document instead of a table
`;

/** @typedef {import('./measure.js').Measured} Measured */

/** @param {readonly string[]} args */
export async function run(args) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      repo: { type: 'string', multiple: true },
      runs: { type: 'string', default: '3' },
      tsconfig: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const runs = Number(values.runs);
  if (values.help || !Number.isInteger(runs) || runs < 1) {
    console.log(USAGE);
    return;
  }
  const reports = [];
  if (!values.json) printMachine(machine(PACKAGES));
  for (const repository of values.repo ?? [ROOT]) {
    const report = await compare(resolve(repository), { runs, tsconfig: values.tsconfig });
    reports.push(report);
    if (!values.json) printReport(report);
  }
  if (values.json) console.log(JSON.stringify({ machine: machine(PACKAGES), reports }, null, 2));
}

/**
 * @param {string} repository
 * @param {{ runs: number, tsconfig: string | undefined }} options
 */
async function compare(repository, { runs, tsconfig }) {
  const folder = mkdtempSync(join(tmpdir(), 'lightdom-bench-'));
  try {
    const copy = join(folder, 'repository');
    copyRepository(repository, copy);
    if (tsconfig !== undefined) copyFileSync(tsconfig, join(copy, 'tsconfig.json'));
    /** @type {{ lightdom: Measured[], scip: Measured[] }} */
    const measured = { lightdom: [], scip: [] };
    await measureScip(copy, folder);
    await measureLightdom(copy);
    for (let round = 0; round < runs; round += 1) {
      measured.lightdom.push(await measureLightdom(copy));
      measured.scip.push(await measureScip(copy, folder));
    }
    const counts = scipCounts(join(folder, INDEX_FILE));
    return { name: basename(repository), ...sizeOf(copy), ...summaryOf(measured), counts };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string} copy */
function measureLightdom(copy) {
  return measureNode([INDEX_ONCE, copy], copy);
}

/**
 * @param {string} copy
 * @param {string} folder for the index file
 */
function measureScip(copy, folder) {
  const infer = hasTsconfig(copy) ? [] : ['--infer-tsconfig'];
  const output = join(folder, INDEX_FILE);
  return measureNode([SCIP, 'index', '--no-progress-bar', '--output', output, ...infer], copy);
}

const countsSchema = z.object({ files: z.number(), typed: z.number(), nodes: z.number(), edges: z.number() });

/** @param {{ lightdom: readonly Measured[], scip: readonly Measured[] }} measured */
function summaryOf({ lightdom, scip }) {
  const ratios = scip.map((one, index) => one.cpuSeconds / (lightdom[index]?.cpuSeconds ?? Number.NaN));
  const ours = spreadsOf(lightdom);
  const theirs = spreadsOf(scip);
  return {
    lightdom: { ...ours, counts: countsSchema.parse(JSON.parse(lightdom.at(-1)?.stdout ?? '{}')) },
    scip: theirs,
    cpuRatio: { ...spreadOf(ratios), ofMedians: theirs.cpuSeconds.median / ours.cpuSeconds.median },
  };
}

/** @param {readonly Measured[]} runs */
function spreadsOf(runs) {
  return {
    cpuSeconds: spreadOf(runs.map((one) => one.cpuSeconds)),
    wallSeconds: spreadOf(runs.map((one) => one.wallSeconds)),
    peakRssMb: spreadOf(runs.map((one) => one.peakRssMb)),
  };
}

/** @param {Awaited<ReturnType<typeof compare>>} report */
function printReport({ name, files, kloc, lightdom, scip, counts, cpuRatio }) {
  const graph = lightdom.counts;
  console.log(`\n${name}: ${files} source files, ${kloc.toFixed(1)} KLOC (lines that are not blank)`);
  console.log(`LightDom: ${graph.typed} of ${graph.files} files typed, ${graph.nodes} nodes, ${graph.edges} edges`);
  console.log(`scip: ${counts.documents} files, ${counts.symbols} symbols, ${counts.occurrences} occurrences`);
  console.log('                  CPU s, median (min–max)   wall s                   peak RSS MB');
  printEngine('LightDom', lightdom);
  printEngine('scip-typescript', scip);
  console.log(
    `scip-typescript / LightDom, CPU: ${cpuRatio.ofMedians.toFixed(2)} (rounds ${cpuRatio.min.toFixed(2)}–${cpuRatio.max.toFixed(2)})`,
  );
}

/**
 * @param {string} name
 * @param {ReturnType<typeof spreadsOf>} spreads
 */
function printEngine(name, { cpuSeconds, wallSeconds, peakRssMb }) {
  console.log(
    `${name.padEnd(18)}${text(cpuSeconds, 2).padEnd(26)}${text(wallSeconds, 2).padEnd(25)}${text(peakRssMb, 0)}`,
  );
}

/**
 * @param {ReturnType<typeof spreadOf>} spread
 * @param {number} digits
 */
function text({ median, min, max }, digits) {
  return `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`;
}
