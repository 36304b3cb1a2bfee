import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { z } from 'zod';
import { copyRepository } from '../corpus.js';
import { installedPeer, PEER_ENVIRONMENT, PEERS } from '../graph/peers.js';
import { ROOT, versionIn } from '../machine.js';

/**
 * @typedef {{ tool: string, args: Record<string, unknown> }} Question
 * @typedef {{ text: string, structured: unknown }} Answer
 */

/**
 * A server over stdio that has its index already.
 * @typedef {object} Server
 * @property {string} name
 * @property {string} version
 * @property {readonly string[]} args of Node
 * @property {string} cwd
 * @property {Record<string, string>} env
 * @property {(symbol: string) => Question} impact
 * @property {(symbol: string) => Question} callers
 * @property {(answer: Answer) => number} listed symbols that an answer about impact lists
 */

const MAIN = join(ROOT, 'dist/bin/lightdom.js');
const listedSchema = z.object({ listed: z.number() });

/** @param {string} repository @param {string} folder @returns {Promise<Server>} */
export async function lightdomServer(repository, folder) {
  const places = ['--data-dir', join(folder, 'data'), '--workspace', repository];
  await ended([MAIN, 'index', repository, '--wait', ...places], { cwd: repository, env: {} });
  return {
    name: 'LightDom',
    version: versionIn(ROOT),
    args: [MAIN, 'mcp', '--port', '0', ...places],
    cwd: repository,
    env: {},
    impact: (symbol) => ({ tool: 'graph_trace', args: { symbol, direction: 'impact' } }),
    callers: (symbol) => ({ tool: 'graph_trace', args: { symbol, direction: 'callers' } }),
    listed: ({ structured }) => listedSchema.parse(structured).listed,
  };
}

/** Without `byDepth` it asks back: it knows more symbols by that name. */
const impactSchema = z.object({ byDepth: z.record(z.string(), z.array(z.unknown())).default({}) });

/** @type {Readonly<Record<string, Pick<Server, 'impact' | 'callers' | 'listed'> & { serve: readonly string[] }>>} */
const SPEECH = {
  '@colbymchenry/codegraph': {
    serve: ['serve', '--mcp', '--no-watch'],
    impact: (symbol) => ({ tool: 'codegraph_impact', args: { symbol } }),
    callers: (symbol) => ({ tool: 'codegraph_callers', args: { symbol } }),
    // A heading a file, then `name:line` of each symbol.
    listed: ({ text }) =>
      text
        .split('\n')
        .filter((line) => !line.startsWith('**'))
        .flatMap((line) => line.match(/[^\s,]+:\d+/g) ?? []).length,
  },
  gitnexus: {
    serve: ['mcp'],
    impact: (symbol) => ({ tool: 'impact', args: { target: symbol, direction: 'upstream' } }),
    callers: (symbol) => ({ tool: 'context', args: { name: symbol } }),
    listed: ({ text }) => {
      const { byDepth } = impactSchema.parse(jsonIn(text));
      return Object.values(byDepth).reduce((sum, symbols) => sum + symbols.length, 0);
    },
  },
};

/** Installed peers that answer such questions. @param {string} peers folder @param {string} repository @param {string} folder */
export async function peerServers(peers, repository, folder) {
  /** @type {Server[]} */
  const servers = [];
  for (const peer of PEERS) {
    const speech = SPEECH[peer.package];
    const installed = installedPeer(peer, peers);
    if (speech === undefined || installed === undefined) continue;
    const { serve, ...questions } = speech;
    const cwd = join(folder, peer.package.replaceAll(/\W/g, '-'));
    const env = { ...PEER_ENVIRONMENT, HOME: join(folder, 'home') };
    mkdirSync(env.HOME, { recursive: true });
    copyRepository(repository, cwd);
    await ended([installed.entry, ...peer.index], { cwd, env });
    servers.push({
      name: peer.name,
      version: installed.version,
      args: [installed.entry, ...serve],
      cwd,
      env,
      ...questions,
    });
  }
  return servers;
}

/** The advice behind the JSON, after a rule, has braces of its own. @param {string} text @returns {unknown} */
function jsonIn(text) {
  return JSON.parse(text.split('\n---')[0] ?? '');
}

/** @param {readonly string[]} args @param {{ cwd: string, env: Record<string, string> }} options */
function ended(args, { cwd, env }) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, env: { ...process.env, ...env }, stdio: 'ignore' });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve(undefined);
      else reject(new Error(`${args.join(' ')} ended with ${code}`));
    });
  });
}
