/**
 * The server itself, beside the reference server of the protocol: the same client puts the same load of cheap calls on both,
 * both are started over stdio, and one of ours is asked many thousand times while its memory is looked at.
 *
 * A cheap call of theirs repeats a word. Of ours, one looks tools up in memory, and one reads the state of the system from
 * the database.
 */
import { parseArgs } from 'node:util';
import { installedTools } from '../scripts/install-tools.js';
import { inspectorLoad } from '../test/interop/inspector-cli.js';
import { startProduct } from '../test/interop/product-server.js';
import { machine, printMachine } from './machine.js';
import { memoryOver } from './mcp/memory.js';
import { startReference } from './mcp/reference-server.js';
import { startUpTimes } from './mcp/start-up.js';

const PACKAGES = ['@modelcontextprotocol/server', 'fastify'];
const CONCURRENCY = 10;

const USAGE = `npm run bench -- mcp [--requests N] [--rounds N] [--memory N] [--json]

  --requests N  calls of one load, ${CONCURRENCY} at a time (500)
  --rounds N    rounds, each with every server in turn (5)
  --memory N    requests over which memory is looked at (10000; 0 leaves it out)
  --json        one JSON document instead of tables
`;

/** @typedef {import('../test/interop/inspector-cli.js').LoadResult} LoadResult */
/** @typedef {{ name: string, target: import('../test/interop/inspector-cli.js').HttpTarget, tool: string, args: Record<string, unknown> }} Contender */

/** @param {readonly string[]} args */
export async function run(args) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      requests: { type: 'string', default: '500' },
      rounds: { type: 'string', default: '5' },
      memory: { type: 'string', default: '10000' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const [requests, rounds] = [countOf('requests', values.requests), countOf('rounds', values.rounds)];
  const memoryRequests = values.memory === '0' ? 0 : countOf('memory', values.memory);
  const modules = installedTools('clients');
  const startUp = await startUpTimes(modules, rounds);
  const [product, reference] = [await startProduct(), await startReference(modules)];
  try {
    const load = await loadAll(modules, contenders(product, reference), { requests, rounds });
    const memory = memoryRequests === 0 ? [] : await memoryOver(product, memoryRequests);
    const report = { reference: reference.version, requests, rounds, load, startUp, memory };
    if (values.json) console.log(JSON.stringify({ machine: machine(PACKAGES), ...report }, null, 2));
    else print(report);
  } finally {
    await Promise.all([product.close(), reference.close()]);
  }
}

/** @param {string} name @param {string} text */
function countOf(name, text) {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0 && count <= 1_000_000) return count;
  throw new Error(`--${name} is ${text}, but must be a whole number from 1 to 1000000.`);
}

/**
 * @param {import('../test/interop/product-server.js').ProductServer} product
 * @param {import('./mcp/reference-server.js').ReferenceServer} reference
 * @returns {readonly Contender[]}
 */
function contenders({ url, token }, reference) {
  const eras = /** @type {const} */ (['legacy', 'modern']);
  const cheap = [
    { tool: 'tool_search', args: { query: 'runs' } },
    { tool: 'system_status', args: {} },
  ];
  return [
    {
      name: 'reference echo legacy',
      target: { url: reference.url, era: 'legacy' },
      tool: 'echo',
      args: { message: 'runs' },
    },
    ...cheap.flatMap(({ tool, args }) =>
      eras.map((era) => ({ name: `LightDom ${tool} ${era}`, target: { url, token, era }, tool, args })),
    ),
  ];
}

/**
 * @param {string} modules
 * @param {readonly Contender[]} all
 * @param {{ requests: number, rounds: number }} size
 */
async function loadAll(modules, all, { requests, rounds }) {
  /** @type {Map<string, LoadResult[]>} */
  const results = new Map(all.map(({ name }) => [name, []]));
  // One more before, which is not counted: what is loaded and compiled once, is by then.
  for (let round = -1; round < rounds; round += 1) {
    for (const { name, target, tool, args } of all) {
      const result = await inspectorLoad(modules, target, { tool, args, requests, concurrency: CONCURRENCY });
      if (round >= 0) results.get(name)?.push(result);
    }
  }
  return [...results].map(([name, rows]) => ({
    name,
    callsPerSecond: spreadOf(rows.map(({ throughput }) => throughput)),
    p50Ms: spreadOf(rows.map(({ latencyMs }) => latencyMs.p50)),
    p99Ms: spreadOf(rows.map(({ latencyMs }) => latencyMs.p99)),
    failed: rows.reduce((sum, { errors, toolErrors }) => sum + errors + toolErrors, 0),
  }));
}

/** @param {readonly number[]} values */
function spreadOf(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const [least = Number.NaN] = sorted;
  return { median: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN, least, most: sorted.at(-1) ?? Number.NaN };
}

/** @typedef {ReturnType<typeof spreadOf>} Spread */

/**
 * @param {{ reference: string, requests: number, rounds: number, load: Awaited<ReturnType<typeof loadAll>>,
 *   startUp: Awaited<ReturnType<typeof startUpTimes>>, memory: Awaited<ReturnType<typeof memoryOver>> }} report
 */
function print({ reference, requests, rounds, load, startUp, memory }) {
  printMachine(machine(PACKAGES));
  console.log(`reference: @modelcontextprotocol/server-everything ${reference}; client: MCP Inspector`);
  console.log(`\n${requests} calls, ${CONCURRENCY} at a time, median of ${rounds} rounds (least–most)`);
  console.log(
    `${''.padEnd(32)}${'calls/s'.padStart(22)}${'p50 ms'.padStart(22)}${'p99 ms'.padStart(22)}  failed  calls/s beside reference`,
  );
  const base = load[0]?.callsPerSecond.median ?? Number.NaN;
  for (const { name, callsPerSecond, p50Ms, p99Ms, failed } of load) {
    const cells = [callsPerSecond, p50Ms, p99Ms].map((spread) => textOf(spread).padStart(22)).join('');
    console.log(
      `${name.padEnd(32)}${cells}${String(failed).padStart(8)}  ${(callsPerSecond.median / base).toFixed(2)}`,
    );
  }
  console.log('\nfrom spawn to the answer to tools/list over stdio, ms');
  const [theirs] = startUp;
  for (const { name, ms } of startUp) {
    const spread = spreadOf(ms);
    const ratio = spread.median / spreadOf(theirs?.ms ?? []).median;
    console.log(`${name.padEnd(32)}${textOf(spread).padStart(22)}  ${ratio.toFixed(2)} of the reference`);
  }
  if (memory.length === 0) return;
  console.log('\nresident memory of the server over requests, MB');
  for (const { requests: count, rssMb } of memory) console.log(`${String(count).padStart(8)}  ${rssMb.toFixed(1)}`);
}

/** @param {Spread} spread */
function textOf({ median, least, most }) {
  const digits = median < 100 ? 1 : 0;
  return `${median.toFixed(digits)} (${least.toFixed(digits)}–${most.toFixed(digits)})`;
}
