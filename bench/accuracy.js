/**
 * How true the graph of a repository is. Twice: its calls against those of the TypeScript 6 checker, edge by edge, and
 * all its uses against the occurrences of scip-typescript, place by place. Ends with 1 below the bars.
 */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { agreementWith } from './accuracy/agreement.js';
import { placeOf, usesOf } from './accuracy/graph-uses.js';
import { scipOccurrences } from './accuracy/scip-index.js';
import { copyRepository, hasTsconfig, sizeOf } from './corpus.js';
import { indexFolder } from './index-folder.js';
import { machine, printMachine, ROOT } from './machine.js';
import { measureNode } from './measure.js';

const SCIP = join(ROOT, 'node_modules/@sourcegraph/scip-typescript/dist/src/main.js');
const CALLS = new Set(['calls', 'constructs', 'renders', 'decorates']);
const BARS = { precision: 0.995, recall: 0.985 };

const USAGE = `npm run accuracy -- [REPO]… [--tsconfig FILE] [--show N] [--json]

  REPO            repository to judge; this repository without it
  --tsconfig FILE in place of the repository's own, for both
  --show N        differences listed, of each kind (0)
  --json          one JSON document instead of a table
`;

/** @typedef {import('../dist/src/graph/graph-schema.js').GraphColumns} GraphColumns */

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    tsconfig: { type: 'string' },
    show: { type: 'string', default: '0' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const show = Number(values.show);
if (values.help || !Number.isInteger(show) || show < 0) {
  console.log(USAGE);
} else {
  if (!values.json) printMachine(machine(['typescript', 'ts-morph', '@sourcegraph/scip-typescript']));
  const reports = [];
  for (const repository of positionals.length === 0 ? [ROOT] : positionals) {
    const report = await judge(resolve(repository));
    reports.push(report);
    if (!values.json) print(report);
    if (!report.isEnough) process.exitCode = 1;
  }
  if (values.json) console.log(JSON.stringify({ bars: BARS, reports }, null, 2));
}

/** @param {string} repository */
async function judge(repository) {
  const folder = mkdtempSync(join(tmpdir(), 'lightdom-accuracy-'));
  try {
    const copy = join(folder, 'repository');
    copyRepository(repository, copy);
    if (values.tsconfig !== undefined) copyFileSync(values.tsconfig, join(copy, 'tsconfig.json'));
    const output = join(folder, 'index.scip');
    const infer = hasTsconfig(copy) ? [] : ['--infer-tsconfig'];
    await measureNode([SCIP, 'index', '--no-progress-bar', '--output', output, ...infer], copy);
    const columns = await indexFolder(copy, 'ts7');
    const calls = difference(callsOf(columns), callsOf(await indexFolder(copy, 'ts-morph')));
    const uses = agreementWith(columns, scipOccurrences(output));
    const precision = uses.agreeing / (uses.agreeing + uses.disagreeing);
    const recall = uses.found / uses.wanted;
    const isEnough = calls.only.length === 0 && precision >= BARS.precision && recall >= BARS.recall;
    return {
      name: basename(repository),
      ...sizeOf(copy),
      calls,
      uses: shortened(columns, uses),
      precision,
      recall,
      isEnough,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {GraphColumns} columns */
function callsOf(columns) {
  const calls = usesOf(columns).filter(({ kind }) => CALLS.has(kind));
  return new Set(calls.map(({ place, target, kind }) => `${kind} ${place} -> ${placeOf(columns, target)}`));
}

/**
 * @param {ReadonlySet<string>} native
 * @param {ReadonlySet<string>} reference
 */
function difference(native, reference) {
  const besides = [...native].filter((call) => !reference.has(call)).map((call) => `besides ${call}`);
  const missing = [...reference].filter((call) => !native.has(call)).map((call) => `missing ${call}`);
  return { count: reference.size, only: [...missing, ...besides] };
}

/**
 * @param {GraphColumns} columns
 * @param {ReturnType<typeof agreementWith>} uses
 */
function shortened(columns, { wrong, missed, ...counts }) {
  return {
    ...counts,
    wrong: wrong.slice(0, show).map(({ kind, place, target }) => `${kind} ${place} -> ${placeOf(columns, target)}`),
    missed: missed.slice(0, show),
  };
}

/** @param {Awaited<ReturnType<typeof judge>>} report */
function print({ name, files, kloc, calls, uses, precision, recall, isEnough }) {
  console.log(`\n${name}: ${files} source files, ${kloc.toFixed(1)} KLOC`);
  console.log(`calls of the TypeScript 6 checker: ${calls.count}, differences ${calls.only.length}`);
  for (const line of calls.only.slice(0, show)) console.log(`  ${line}`);
  console.log(
    `precision against scip-typescript: ${precision.toFixed(4)} (${uses.disagreeing} of ${uses.agreeing + uses.disagreeing} places lead elsewhere, ${uses.unknown} where it has nothing, ${uses.further} further targets)`,
  );
  for (const line of uses.wrong) console.log(`  ${line}`);
  console.log(
    `recall: ${recall.toFixed(4)} (${uses.wanted - uses.found} of ${uses.wanted} references to nodes of the graph missing)`,
  );
  for (const line of uses.missed) console.log(`  ${line}`);
  console.log(
    isEnough ? 'enough' : `not enough: the bars are ${BARS.precision} and ${BARS.recall}, and no difference of calls`,
  );
}
