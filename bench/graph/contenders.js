import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { connectDatabase, migrate, MIGRATIONS } from '../../dist/src/core/db/index.js';
import { createSilentLog } from '../../dist/src/core/log.js';
import { linkPrograms } from '../../scripts/link.js';
import { copyRepository, hasTsconfig } from '../corpus.js';
import { ROOT, versionIn } from '../machine.js';
import { measureTree } from '../process-tree.js';
import { clusterPids, cpuOf } from '../runs/meters.js';
import { scipCounts } from '../scip-counts.js';
import { installedPeer, PEER_ENVIRONMENT, PEERS } from './peers.js';

/** @typedef {import('../process-tree.js').TreeUse} TreeUse */
/** @typedef {import('../runs/bench-cluster.js').BenchCluster} BenchCluster */

/**
 * @typedef {object} Measured
 * @property {number} cpuSeconds of all processes, a database server's share included
 * @property {number} databaseCpuSeconds the share of the database server alone; 0 where the database is a file
 * @property {number} wallSeconds
 * @property {number} peakRssMb without the database server
 * @property {number} left processes left running
 * @property {string} found
 */

/**
 * One way to make a cold index.
 * @typedef {object} Contender
 * @property {string} name
 * @property {string} version
 * @property {boolean} isOurs
 * @property {string} stores
 * @property {() => Promise<Measured>} run
 */

/** @typedef {{ repository: string, folder: string, tsconfig?: string | undefined }} Place */

const STORE_ONCE = fileURLToPath(new URL('./store-once.js', import.meta.url));
/** Below the package, where other packages are found. */
const LINKED = join(ROOT, '.bench-linked');
const SCIP_PACKAGE = '@sourcegraph/scip-typescript';

const storedSchema = z.object({
  engine: z.string(),
  files: z.number(),
  typed: z.number(),
  nodes: z.number(),
  edges: z.number(),
});

/**
 * LightDom with its database: a Postgres that syncs to the disk and has its tables, but no graph yet. Linked into few files, as
 * what users start is.
 * @param {string} engine
 * @param {BenchCluster} cluster
 * @param {string} copy of the repository
 * @returns {Contender}
 */
export function lightdom(engine, cluster, copy) {
  const run = async () => {
    const program = await storeProgram();
    const url = await cluster.createDatabase('graph_bench');
    const database = await connectDatabase({ url, log: createSilentLog(), max: 1 });
    await migrate(database, MIGRATIONS);
    await database.close();
    const before = cpuOf(clusterPids(cluster.postmasterPid));
    const use = await measureTree([process.execPath, program, copy, engine, url], { cwd: copy });
    const databaseCpuSeconds = cpuOf(clusterPids(cluster.postmasterPid)) - before;
    const { files, typed, nodes, edges, ...by } = storedSchema.parse(JSON.parse(use.stdout));
    return {
      ...use,
      cpuSeconds: use.cpuSeconds + databaseCpuSeconds,
      databaseCpuSeconds,
      found: `${by.engine}: ${typed} of ${files} files typed, ${nodes} nodes, ${edges} edges`,
    };
  };
  return {
    name: `LightDom (${engine})`,
    version: versionIn(ROOT),
    isOurs: true,
    stores: `Postgres ${cluster.version}`,
    run,
  };
}

/** @type {Promise<string> | undefined} */
let linked;

/** Linked once a process, out of what is built now. */
function storeProgram() {
  linked ??= linkStoreProgram();
  return linked;
}

async function linkStoreProgram() {
  rmSync(LINKED, { recursive: true, force: true });
  await linkPrograms({ 'store-once': STORE_ONCE }, LINKED);
  return join(LINKED, 'store-once.js');
}

/** @param {string} copy of the repository @param {string} folder for its file @returns {Contender} */
export function scip(copy, folder) {
  const entry = join(ROOT, 'node_modules', SCIP_PACKAGE, 'dist/src/main.js');
  const output = join(folder, 'index.scip');
  const infer = hasTsconfig(copy) ? [] : ['--infer-tsconfig'];
  const run = async () => {
    const command = [process.execPath, entry, 'index', '--no-progress-bar', '--output', output, ...infer];
    const use = await measureTree(command, { cwd: copy });
    const { documents, symbols, occurrences } = scipCounts(output);
    const found = `${documents} files, ${symbols} symbols, ${occurrences} occurrences`;
    return { ...use, databaseCpuSeconds: 0, found };
  };
  const version = versionIn(join(ROOT, 'node_modules', SCIP_PACKAGE));
  return { name: 'scip-typescript', version, isOurs: false, stores: 'protobuf file', run };
}

/**
 * Peers that are installed in a folder; each gets a copy of its own, as they write into it.
 * @param {string} peersFolder
 * @param {string} repository a copy that nothing has written into
 * @param {string} folder
 * @returns {Contender[]}
 */
export function peerContenders(peersFolder, repository, folder) {
  const contenders = [];
  for (const peer of PEERS) {
    const installed = installedPeer(peer, peersFolder);
    if (installed === undefined) continue;
    const place = join(folder, peer.package.replaceAll(/\W/g, '-'));
    const home = join(folder, 'home');
    const copy = join(place, 'repository');
    mkdirSync(home, { recursive: true });
    copyRepository(repository, copy);
    const run = async () => {
      for (const trace of peer.traces) rmSync(join(copy, trace), { recursive: true, force: true });
      const command = [process.execPath, installed.entry, ...peer.index];
      const use = await measureTree(command, { cwd: copy, env: { ...PEER_ENVIRONMENT, HOME: home } });
      return { ...use, databaseCpuSeconds: 0, found: foundIn(use.stdout) };
    };
    contenders.push({ name: peer.name, version: installed.version, isOurs: false, stores: peer.stores, run });
  }
  return contenders;
}

/** What an indexer says it has found. @param {string} stdout */
function foundIn(stdout) {
  return /[\d,]+ nodes\W+[\d,]+ edges/.exec(stdout)?.[0] ?? '';
}
