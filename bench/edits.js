/**
 * Edits of a repository that is indexed already: how long until the changed file is visible, and until all that use it are
 * level, in a warm graph; beside it the cold index of the same repository, and the `sync` of another indexer.
 *
 * That other one is a command, which starts each time; its CPU includes the start, which is what an edit costs there.
 * Repositories are copied first: nothing is edited in place.
 */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { copyRepository } from './corpus.js';
import { EDIT_KINDS } from './edits/edit-kinds.js';
import { measureLiveEdits } from './edits/live-edits.js';
import { measurePeerEdits } from './edits/peer-edits.js';
import { installedPeer, PEERS } from './graph/peers.js';
import { machine, printMachine, ROOT } from './machine.js';

const SYNCING_PEER = '@colbymchenry/codegraph';
const PACKAGES = ['typescript'];

const USAGE = `npm run bench -- edits [--repo DIR]… [--files N] [--runs N] [--peers DIR] [--tsconfig FILE] [--json]

  --repo DIR     repository to edit a copy of, repeatable; this repository without it
  --files N      files that are edited, from the most used one to one that is used once (5)
  --runs N       measured rounds of all edits, after a warm-up (4)
  --peers DIR    folder that ${SYNCING_PEER} is installed in (.bench-peers); nothing is ever installed by this bench
  --tsconfig FILE
                 in place of the repository's own tsconfig.json: when packages that it extends are not installed
  --json         one JSON document instead of a table
`;

/** @typedef {{ files: number, rounds: number, peers: string, tsconfig: string | undefined }} Options */
/** @typedef {Awaited<ReturnType<typeof measureLiveEdits>>} Live */
/** @typedef {Pick<Live, 'cold' | 'size' | 'measured'> & { name: string, edited: readonly { path: string, name: string, users: number }[] }} Ours */
/** @typedef {Awaited<ReturnType<typeof compare>>} Report */

/** @param {readonly string[]} args */
export async function run(args) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      repo: { type: 'string', multiple: true },
      files: { type: 'string', default: '5' },
      runs: { type: 'string', default: '4' },
      peers: { type: 'string', default: join(ROOT, '.bench-peers') },
      tsconfig: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const [files, rounds] = [Number(values.files), Number(values.runs)];
  if (values.help || !(files >= 1) || !(rounds >= 1)) {
    console.log(USAGE);
    return;
  }
  const options = { files, rounds, peers: resolve(values.peers), tsconfig: values.tsconfig };
  if (!values.json) printMachine(machine(PACKAGES));
  const reports = [];
  for (const repository of values.repo ?? [ROOT]) {
    // Printed as it comes: the peer takes its time.
    const onOurs = values.json ? () => {} : print;
    const report = await compare(resolve(repository), { ...options, onOurs });
    reports.push(report);
    if (!values.json) printPeer(report, options.peers);
  }
  if (values.json) console.log(JSON.stringify({ machine: machine(PACKAGES), reports }, null, 2));
}

/** @param {string} repository @param {Options & { onOurs: (ours: Ours) => void }} options */
async function compare(repository, { files, rounds, peers, tsconfig, onOurs }) {
  const folder = mkdtempSync(join(tmpdir(), 'lightdom-bench-'));
  /** @param {string} name */
  const copyAs = (name) => {
    const copy = join(folder, name);
    copyRepository(repository, copy);
    if (tsconfig !== undefined) copyFileSync(tsconfig, join(copy, 'tsconfig.json'));
    return copy;
  };
  try {
    const ours = await measureLiveEdits(copyAs('ours'), { files, rounds });
    const edited = ours.targets.map(({ path, name, users }) => ({ path, name, users }));
    const report = { name: basename(repository), edited, cold: ours.cold, size: ours.size, measured: ours.measured };
    onOurs(report);
    const peer = PEERS.find((one) => one.package === SYNCING_PEER);
    const installed = peer === undefined ? undefined : installedPeer(peer, peers);
    const theirs =
      installed === undefined ? undefined : await measurePeerEdits(installed.entry, copyAs('theirs'), ours.targets);
    return { ...report, theirs, version: installed?.version };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {Ours} ours */
function print({ name, edited, cold, size, measured }) {
  console.log(`\n${name}: ${size.files} files, ${size.nodes} symbols; edited:`);
  for (const { path, name: symbol, users } of edited) console.log(`  ${path}: ${symbol}, ${users} callers`);
  console.log(`cold index: ${cold.wallSeconds.toFixed(1)} s, ${cold.cpuSeconds.toFixed(1)} s CPU`);
  console.log('\nms from the write     visible p50     p95   users level p50     p95   files read   CPU ms an edit');
  for (const kind of [...EDIT_KINDS.map((one) => one.name), 'all']) {
    const of = measured.filter((one) => kind === 'all' || one.kind === kind);
    const visible = sharesOf(of.map(({ visibleMs }) => visibleMs));
    const settled = sharesOf(of.map(({ settledMs }) => settledMs));
    const files = of.reduce((sum, one) => sum + one.files, 0) / of.length;
    const cells = [visible.p50, visible.p95, settled.p50, settled.p95, files, 1000 * meanCpu(of)];
    console.log(
      kind.padEnd(21) + cells.map((cell, at) => cell.toFixed(1).padStart([12, 8, 18, 8, 13, 17][at] ?? 9)).join(''),
    );
  }
}

/** @param {Report} report @param {string} peers */
function printPeer({ measured, theirs, version }, peers) {
  if (theirs === undefined) {
    console.log(`\n${SYNCING_PEER} is not installed in ${peers}: nothing to compare with.`);
    return;
  }
  const { cold, measured: synced } = theirs;
  const wall = sharesOf(synced.map(({ wallSeconds }) => wallSeconds * 1000));
  const level = sharesOf(measured.map(({ settledMs }) => settledMs));
  console.log(
    `\n${SYNCING_PEER} ${version}: cold ${cold.wallSeconds.toFixed(1)} s, ${cold.cpuSeconds.toFixed(1)} s CPU; sync p50 ` +
      `${wall.p50.toFixed(0)} ms, p95 ${wall.p95.toFixed(0)} ms, ${(1000 * meanCpu(synced)).toFixed(0)} ms CPU an edit`,
  );
  console.log(
    `times LightDom's until users are level: p50 ${(wall.p50 / level.p50).toFixed(1)}, p95 ${(wall.p95 / level.p95).toFixed(1)}, ` +
      `CPU ${(meanCpu(synced) / meanCpu(measured)).toFixed(1)}`,
  );
}

/** @param {readonly { cpuSeconds: number }[]} edits */
function meanCpu(edits) {
  return edits.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0) / edits.length;
}

/** @param {readonly number[]} values */
function sharesOf(values) {
  const sorted = values.toSorted((a, b) => a - b);
  /** @param {number} share */
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95) };
}
