import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { versionIn } from '../machine.js';

/**
 * Other indexers, which the bench never installs: they are taken from a folder.
 * @typedef {object} Peer
 * @property {string} name
 * @property {string} package
 * @property {string} version the one that figures are kept for
 * @property {string} entry in the package
 * @property {string} [needs] another file, without which it does not run
 * @property {readonly string[]} index arguments for a cold index of the current folder
 * @property {readonly string[]} traces what an index leaves in the folder
 * @property {string} stores
 */

/** @type {readonly Peer[]} */
export const PEERS = [
  {
    name: 'codegraph (colby)',
    package: '@colbymchenry/codegraph',
    version: '1.6.1',
    entry: 'npm-shim.js',
    index: ['init', '.'],
    traces: ['.codegraph'],
    stores: 'SQLite with full text',
  },
  {
    name: 'codegraph (optave)',
    package: '@optave/codegraph',
    version: '3.11.2',
    entry: 'dist/cli.js',
    needs: 'better-sqlite3/build/Release/better_sqlite3.node',
    index: ['build', '.'],
    traces: ['.codegraph'],
    stores: 'SQLite, by syntax alone',
  },
  {
    name: 'GitNexus',
    package: 'gitnexus',
    version: '1.6.12',
    entry: 'dist/cli/index.js',
    needs: '@ladybugdb/core/lbugjs.node',
    // Its extension for full text is loaded from the network, so it goes without.
    index: ['analyze', '--force', '--no-parse-cache', '--skip-fts', '--skip-git', '--index-only', '.'],
    traces: ['.gitnexus'],
    stores: 'graph database, without full text',
  },
];

/** None of them is to tell anybody of a bench. */
export const PEER_ENVIRONMENT = { DO_NOT_TRACK: '1', CODEGRAPH_TELEMETRY: '0', SCARF_ANALYTICS: 'false', CI: '1' };

/**
 * @param {Peer} peer
 * @param {string} folder
 * @returns {{ entry: string, version: string } | undefined} undefined when it is not there or could not run
 */
export function installedPeer(peer, folder) {
  const modules = join(folder, 'node_modules');
  const entry = join(modules, peer.package, peer.entry);
  const isWhole = existsSync(entry) && (peer.needs === undefined || existsSync(join(modules, peer.needs)));
  return isWhole ? { entry, version: versionIn(join(modules, peer.package)) } : undefined;
}

/** How to get all of them. @param {string} folder */
export function installCommand(folder) {
  const packages = PEERS.map((peer) => `${peer.package}@${peer.version}`).join(' ');
  return [
    `mkdir -p ${folder} && cd ${folder} && npm init -y`,
    `npm install --ignore-scripts --no-audit --no-fund ${packages}`,
    // Without their own scripts two of them lack the native part of their database.
    'npm rebuild better-sqlite3 && node node_modules/@ladybugdb/core/install.js',
  ].join('\n  ');
}
