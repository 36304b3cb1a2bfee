/**
 * A cold index of a repository by LightDom and by other indexers, in alternating rounds, each run as a process of its own
 * on copies of the same files. CPU (user and system, of all processes) is the figure to compare: wall time depends on what
 * else the machine does.
 *
 * LightDom stores into a Postgres server, whose CPU counts and is printed apart; the others write files of their own.
 * scip-typescript and this resolve types; the other peers go by syntax and names.
 */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { ENGINE_CHOICES } from '../dist/src/graph/graph-schema.js';
import { copyRepository, hasTsconfig, sizeOf } from './corpus.js';
import { lightdom, peerContenders, scip } from './graph/contenders.js';
import { installCommand, installedPeer, PEERS } from './graph/peers.js';
import { machine, printMachine, ROOT } from './machine.js';
import { spreadOf } from './measure.js';
import { measureTree } from './process-tree.js';
import { startCluster } from './runs/bench-cluster.js';

const NAIVE = fileURLToPath(new URL('./graph/naive-references.js', import.meta.url));
const PACKAGES = ['ts-morph', '@sourcegraph/scip-typescript', 'typescript'];

const USAGE = `npm run bench -- graph [--repo DIR]… [--runs N] [--engine NAME]… [--peers DIR] [--naive N] [--tsconfig FILE] [--json]

  --repo DIR     repository to index, repeatable; this repository without it
  --runs N       measured rounds, after a warm-up of each (3)
  --engine NAME  of LightDom: ${ENGINE_CHOICES.join(', ')}; repeatable (auto)
  --peers DIR    folder that other indexers are installed in (.bench-peers); nothing is ever installed by this bench
  --naive N      symbols that are asked for by ts-morph's findReferences, to extrapolate from; 0 for none (60)
  --tsconfig FILE
                 in place of the repository's own tsconfig.json, for all: when packages that it extends are not installed
  --json         one JSON document instead of a table
`;

/** @typedef {import('./graph/contenders.js').Contender} Contender */
/** @typedef {import('./graph/contenders.js').Measured} Measured */
/** @typedef {{ runs: number, engines: readonly string[], peers: string, naive: number, tsconfig: string | undefined }} Options */

/** @param {readonly string[]} args */
export async function run(args) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      repo: { type: 'string', multiple: true },
      runs: { type: 'string', default: '3' },
      engine: { type: 'string', multiple: true },
      peers: { type: 'string', default: join(ROOT, '.bench-peers') },
      naive: { type: 'string', default: '60' },
      tsconfig: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const runs = Number(values.runs);
  const naive = Number(values.naive);
  if (values.help || !Number.isInteger(runs) || runs < 1 || !Number.isInteger(naive) || naive < 0) {
    console.log(USAGE);
    return;
  }
  const engines = z.array(z.enum(ENGINE_CHOICES)).parse(values.engine ?? ['auto']);
  const options = { runs, engines, peers: resolve(values.peers), naive, tsconfig: values.tsconfig };
  const missing = PEERS.filter((peer) => installedPeer(peer, options.peers) === undefined);
  if (!values.json) printStart(missing, options.peers);
  const reports = [];
  for (const repository of values.repo ?? [ROOT]) {
    const report = await compare(resolve(repository), options);
    reports.push(report);
    if (!values.json) printReport(report);
  }
  const skipped = missing.map((peer) => peer.name);
  if (values.json) console.log(JSON.stringify({ machine: machine(PACKAGES), skipped, reports }, null, 2));
}

/** @param {string} repository @param {Options} options */
async function compare(repository, options) {
  const folder = mkdtempSync(join(tmpdir(), 'lightdom-bench-'));
  const cluster = await startCluster();
  try {
    const copy = join(folder, 'repository');
    copyRepository(repository, copy);
    if (options.tsconfig !== undefined) copyFileSync(options.tsconfig, join(copy, 'tsconfig.json'));
    const contenders = [
      ...options.engines.map((engine) => lightdom(engine, cluster, copy)),
      scip(copy, folder),
      ...peerContenders(options.peers, copy, folder),
    ];
    const results = await measureAll(contenders, options.runs);
    const naive = options.naive > 0 && hasTsconfig(copy) ? await naiveReferences(copy, options.naive) : undefined;
    return { name: basename(repository), ...sizeOf(copy), results, naive };
  } finally {
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {readonly Contender[]} contenders @param {number} runs */
async function measureAll(contenders, runs) {
  /** @type {Map<Contender, Measured[]>} */
  const measured = new Map(contenders.map((contender) => [contender, []]));
  for (let round = -1; round < runs; round += 1) {
    for (const [contender, each] of measured) {
      const one = await contender.run();
      if (round >= 0) each.push(one);
    }
  }
  const ours = contenders.flatMap((contender) => (contender.isOurs ? [measured.get(contender) ?? []] : []))[0] ?? [];
  return contenders.map((contender) => resultOf(contender, measured.get(contender) ?? [], ours));
}

/**
 * @param {Contender} contender
 * @param {readonly Measured[]} each round
 * @param {readonly Measured[]} ours of the same rounds
 */
function resultOf({ name, version, stores }, each, ours) {
  /** @param {(one: Measured) => number} of */
  const spread = (of) => spreadOf(each.map(of));
  const ratios = each.map((one, round) => one.cpuSeconds / (ours[round]?.cpuSeconds ?? Number.NaN));
  const walls = each.map((one, round) => one.wallSeconds / (ours[round]?.wallSeconds ?? Number.NaN));
  return {
    name,
    version,
    stores,
    cpuSeconds: spread((one) => one.cpuSeconds),
    databaseCpuSeconds: spread((one) => one.databaseCpuSeconds),
    wallSeconds: spread((one) => one.wallSeconds),
    peakRssMb: spread((one) => one.peakRssMb),
    left: Math.max(...each.map((one) => one.left)),
    found: each.at(-1)?.found ?? '',
    cpuRatio: spreadOf(ratios),
    wallRatio: spreadOf(walls),
  };
}

const naiveSchema = z.object({ cpuSeconds: z.number(), asked: z.number(), symbols: z.number() });

/** @param {string} copy @param {number} samples */
async function naiveReferences(copy, samples) {
  const { stdout } = await measureTree([process.execPath, NAIVE, copy, `${samples}`], { cwd: ROOT });
  return naiveSchema.parse(JSON.parse(stdout));
}

/** @param {readonly import('./graph/peers.js').Peer[]} missing @param {string} folder */
function printStart(missing, folder) {
  printMachine(machine(PACKAGES));
  if (missing.length === 0) return;
  console.log(
    `\nNot installed in ${folder}, and so left out: ${missing.map((peer) => peer.name).join(', ')}. To have them:`,
  );
  console.log(`  ${installCommand(folder)}`);
}

/** @param {Awaited<ReturnType<typeof compare>>} report */
function printReport({ name, files, kloc, results, naive }) {
  console.log(`\n${name}: ${files} source files, ${kloc.toFixed(1)} KLOC (lines that are not blank)`);
  console.log('median (min–max)             CPU s               of it Postgres  wall s               peak RSS MB');
  for (const one of results) {
    const cells = [
      `${one.name} ${one.version}`.padEnd(28),
      text(one.cpuSeconds, 2).padEnd(19),
      (one.databaseCpuSeconds.max === 0 ? '' : one.databaseCpuSeconds.median.toFixed(2)).padEnd(15),
      text(one.wallSeconds, 2).padEnd(20),
      text(one.peakRssMb, 0),
    ];
    console.log(cells.join(' '));
  }
  console.log('\ntimes what the first takes     CPU, median (rounds)   wall');
  for (const one of results.slice(1)) {
    console.log(`${one.name.padEnd(30)} ${text(one.cpuRatio, 2).padEnd(22)} ${text(one.wallRatio, 2)}`);
  }
  if (naive !== undefined) {
    const ratio = naive.cpuSeconds / (results[0]?.cpuSeconds.median ?? Number.NaN);
    console.log(
      `ts-morph, findReferences       ${ratio.toFixed(1)}, extrapolated to ${naive.cpuSeconds.toFixed(0)} s from ${naive.asked} of ${naive.symbols} functions, methods, classes and interfaces`,
    );
  }
  console.log('');
  for (const one of results) {
    const left = one.left === 0 ? '' : `; left ${one.left} processes running, counted and ended`;
    console.log(`${one.name}: ${[one.found, one.stores].filter((part) => part !== '').join('; ')}${left}`);
  }
}

/** @param {ReturnType<typeof spreadOf>} spread @param {number} digits */
function text({ median, min, max }, digits) {
  return `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`;
}
