/**
 * Questions about impact and callers as a client asks them, over stdio, of LightDom and of other servers that are given the
 * same repository and the same symbols: how long an answer takes, and how much a model has to read.
 *
 * The servers list different numbers of symbols, so sizes are also given a listed symbol.
 */
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { z } from 'zod';
import { NODE_KINDS } from '../dist/src/graph/graph-schema.js';
import { degreeOf } from '../dist/src/graph/query/csr.js';
import { CALLS } from '../dist/src/graph/query/edge-groups.js';
import { GraphView } from '../dist/src/graph/query/graph-view.js';
import { copyRepository } from './corpus.js';
import { installCommand, installedPeer, PEERS } from './graph/peers.js';
import { indexFolder } from './index-folder.js';
import { machine, printMachine, ROOT } from './machine.js';
import { lightdomServer, peerServers } from './answers/answering-servers.js';
import { markedProcesses } from './process-tree.js';

const SYMBOLS = 10;
const ROUNDS = 20;
/** Callers that a symbol has: enough for an answer to be about something, and not half the repository. */
const CALLERS = { least: 3, most: 60 };
const CALLED_KINDS = new Set(['function', 'method', 'class']);
const PACKAGES = ['@modelcontextprotocol/client', 'gpt-tokenizer'];

const USAGE = `npm run bench -- answers [REPO] [--peers DIR] [--json]

  REPO         repository to ask about; this repository without it
  --peers DIR  folder that other servers are installed in (.bench-peers); nothing is ever installed by this bench
  --json       one JSON document instead of a table
`;

/** @typedef {import('./answers/answering-servers.js').Server} Server */
/** @typedef {import('./answers/answering-servers.js').Question} Question */

/** @param {readonly string[]} args */
export async function run(args) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      peers: { type: 'string', default: join(ROOT, '.bench-peers') },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const peers = resolve(values.peers);
  const repository = resolve(positionals[0] ?? ROOT);
  const folder = mkdtempSync(join(tmpdir(), 'lightdom-bench-'));
  try {
    const copy = join(folder, 'repository');
    copyRepository(repository, copy);
    const symbols = symbolsToAsk(new GraphView(await indexFolder(copy), { generation: 1, publishedAt: '' }));
    const servers = [await lightdomServer(copy, folder), ...(await peerServers(peers, copy, folder))];
    const results = [];
    for (const server of servers) results.push(await ask(server, symbols));
    const report = { name: basename(repository), symbols, results };
    if (values.json) console.log(JSON.stringify({ machine: machine(PACKAGES), ...report }, null, 2));
    else print(report, peers);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {GraphView} view */
function symbolsToAsk(view) {
  const { nodes } = view.columns;
  /** @type {Map<string, number>} */
  const bearers = new Map();
  for (const name of nodes.name) bearers.set(name, (bearers.get(name) ?? 0) + 1);
  const rows = Array.from({ length: view.nodeCount }, (_, row) => row).filter((row) => {
    const callers = degreeOf(view.reverse, row, CALLS);
    const isOne = bearers.get(nodes.name[row] ?? '') === 1;
    return (
      isOne &&
      CALLED_KINDS.has(NODE_KINDS[nodes.kind[row] ?? 0] ?? '') &&
      callers >= CALLERS.least &&
      callers <= CALLERS.most
    );
  });
  const step = Math.max(1, Math.floor(rows.length / SYMBOLS));
  return rows
    .filter((_, index) => index % step === 0)
    .slice(0, SYMBOLS)
    .map((row) => nodes.name[row] ?? '');
}

/** @param {Server} server @param {readonly string[]} symbols */
async function ask(server, symbols) {
  const mark = markedProcesses();
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [...server.args],
    cwd: server.cwd,
    env: { ...definedEnvironment(), ...server.env, ...mark.env },
    stderr: 'ignore',
  });
  const client = new Client({ name: 'bench', version: '1' });
  const startedAt = performance.now();
  try {
    await client.connect(transport);
    await client.listTools();
    const startMs = performance.now() - startedAt;
    // The first answer waits for whatever is loaded then; it is told apart.
    const [first = ''] = symbols;
    const firstMs = (await answerTo(client, server.impact(first))).ms;
    const impact = await answers(client, symbols.map(server.impact));
    const callers = await answers(client, symbols.map(server.callers));
    const listed = impact.texts.reduce((sum, answer) => sum + server.listed(answer), 0);
    return {
      name: `${server.name} ${server.version}`,
      startMs,
      firstMs,
      impact: measured(impact, listed),
      callers: measured(callers, undefined),
    };
  } finally {
    await client.close();
    // Some go on as daemons.
    mark.end();
  }
}

/** @param {Client} client @param {readonly Question[]} questions */
async function answers(client, questions) {
  const times = [];
  const texts = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const question of questions) {
      const { ms, ...answer } = await answerTo(client, question);
      times.push(ms);
      if (round === 0) texts.push(answer);
    }
  }
  return { times, texts };
}

const contentSchema = z.array(z.object({ text: z.string().optional() }));

/** @param {Client} client @param {Question} question */
async function answerTo(client, { tool, args }) {
  const startedAt = performance.now();
  const result = await client.callTool({ name: tool, arguments: args });
  const ms = performance.now() - startedAt;
  const text = contentSchema
    .parse(result.content)
    .map((part) => part.text ?? '')
    .join('\n');
  if (result.isError === true) throw new Error(`${tool} ${JSON.stringify(args)} failed: ${text}`);
  return { ms, text, structured: result.structuredContent };
}

/** @param {Awaited<ReturnType<typeof answers>>} answered @param {number | undefined} listed */
function measured({ times, texts }, listed) {
  const sorted = times.toSorted((a, b) => a - b);
  /** @param {number} share */
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  const bytes = texts.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  const tokens = texts.reduce((sum, { text }) => sum + countTokens(text), 0);
  return {
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    max: at(1),
    bytes: bytes / texts.length,
    tokens: tokens / texts.length,
    listed: listed === undefined ? undefined : listed / texts.length,
  };
}

/** @returns {Record<string, string>} */
function definedEnvironment() {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** @param {{ name: string, symbols: readonly string[], results: readonly Awaited<ReturnType<typeof ask>>[] }} report @param {string} peers */
function print({ name, symbols, results }, peers) {
  printMachine(machine(PACKAGES));
  const missing = PEERS.filter((peer) => installedPeer(peer, peers) === undefined);
  if (missing.length > 0)
    console.log(
      `\nNot installed in ${peers}: ${missing.map((peer) => peer.name).join(', ')}. To have them:\n  ${installCommand(peers)}`,
    );
  console.log(`\n${name}; ${symbols.length} symbols, each asked ${ROUNDS} times: ${symbols.join(', ')}`);
  console.log(
    '\nmilliseconds                start    first  impact p50     p95     p99     max  callers p50     p95     p99     max',
  );
  for (const one of results) {
    const cells = [
      one.startMs,
      one.firstMs,
      one.impact.p50,
      one.impact.p95,
      one.impact.p99,
      one.impact.max,
      one.callers.p50,
      one.callers.p95,
      one.callers.p99,
      one.callers.max,
    ];
    console.log(
      one.name.padEnd(25) +
        cells
          .map((value, index) =>
            value.toFixed(index < 2 ? 0 : 2).padStart([8, 9, 12, 8, 8, 8, 13, 8, 8, 8][index] ?? 9),
          )
          .join(''),
    );
  }
  console.log(
    "\nimpact, an answer             bytes   tokens   symbols listed   bytes and tokens a symbol   times LightDom's",
  );
  for (const one of results) {
    const { bytes, tokens, listed = Number.NaN } = one.impact;
    const ours = results[0]?.impact;
    const ratio = bytes / listed / ((ours?.bytes ?? Number.NaN) / (ours?.listed ?? Number.NaN));
    console.log(
      `${one.name.padEnd(25)}${bytes.toFixed(0).padStart(10)}${tokens.toFixed(0).padStart(9)}${listed.toFixed(1).padStart(17)}${`${(bytes / listed).toFixed(1)}, ${(tokens / listed).toFixed(1)}`.padStart(28)}${ratio.toFixed(2).padStart(17)}`,
    );
  }
}
