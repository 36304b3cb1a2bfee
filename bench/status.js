/**
 * Requests per second of `GET /api/master/status` on a master as users start it, with its token, beside a fastify route
 * that answers the same JSON and does nothing else. Rounds of the two alternate, so that the machine is the same for both.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { startProduct } from '../test/interop/product-server.js';
import { machine, printMachine } from './machine.js';
import { spreadOf } from './measure.js';
import { cpuOf } from './runs/meters.js';

const AUTOCANNON = createRequire(import.meta.url).resolve('autocannon');
const BARE_ROUTE = fileURLToPath(new URL('./status/bare-route.js', import.meta.url));
const PACKAGES = ['autocannon', 'fastify'];
const PATH = '/api/master/status';
/** So many that what is compiled once is by then; counted, since a busy machine makes fewer in the same time. */
const WARM_UP_REQUESTS = 20_000;
/** Of the bare route's requests per second. */
const BAR = 0.7;

const USAGE = `npm run bench -- status [--seconds N] [--rounds N] [--connections N] [--json]

  --seconds N      a round (10, at most 60)
  --rounds N       of each, in turn (3, at most 20)
  --connections N  at the same time (10, at most 50)
  --json           one JSON document instead of a table
`;

const loadSchema = z.object({
  requests: z.object({ average: z.number(), total: z.number() }),
  latency: z.object({ p50: z.number(), p99: z.number() }),
  errors: z.number(),
  timeouts: z.number(),
  non2xx: z.number(),
});

/** @typedef {{ seconds: number, rounds: number, connections: number }} Size */
/** @typedef {{ name: string, url: string, pid: number, headers: Readonly<Record<string, string>> }} Contender */
/** @typedef {z.infer<typeof loadSchema> & { cpuMicroseconds: number }} Load of the server, for a request */

/** @param {readonly string[]} args */
export async function run(args) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string', default: '10' },
      rounds: { type: 'string', default: '3' },
      connections: { type: 'string', default: '10' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const size = {
    seconds: Number(values.seconds),
    rounds: Number(values.rounds),
    connections: Number(values.connections),
  };
  const isMeant = isBetween(size.seconds, 60) && isBetween(size.rounds, 20) && isBetween(size.connections, 50);
  if (values.help || !isMeant) {
    console.log(USAGE);
    return;
  }
  const report = await measure(size);
  if (values.json) console.log(JSON.stringify({ machine: machine(PACKAGES), ...report }, null, 2));
  else print(report);
  if (report.ratio.median < BAR || report.failed > 0) process.exitCode = 1;
}

/** @param {Size} size */
async function measure(size) {
  const product = await startProduct();
  try {
    const url = product.url.replace(/\/mcp$/, PATH);
    const headers = { authorization: `Bearer ${product.token}` };
    const body = await (await fetch(url, { headers })).text();
    const bare = await startBareRoute(body);
    try {
      const contenders = [
        { name: 'bare fastify route', url: bare.url, pid: bare.pid, headers: {} },
        { name: 'LightDom', url, pid: product.pid, headers },
      ];
      return { ...size, bodyBytes: Buffer.byteLength(body), ...(await loadInTurn(contenders, size)) };
    } finally {
      bare.end();
    }
  } finally {
    await product.close();
  }
}

/** @param {readonly Contender[]} contenders the bare route first @param {Size} size */
async function loadInTurn(contenders, size) {
  for (const contender of contenders) await load(contender, size, ['--amount', String(WARM_UP_REQUESTS)]);
  const results = contenders.map(({ name }) => ({ name, loads: /** @type {Load[]} */ ([]) }));
  for (let round = 0; round < size.rounds; round += 1) {
    for (const [index, contender] of contenders.entries()) {
      results[index]?.loads.push(await load(contender, size));
    }
  }
  const [bare = [], ours = []] = results.map(({ loads }) => loads.map(({ requests }) => requests.average));
  return {
    results: results.map(({ name, loads }) => ({
      name,
      requestsPerSecond: spreadOf(loads.map(({ requests }) => requests.average)),
      p50Ms: spreadOf(loads.map(({ latency }) => latency.p50)),
      cpuMicroseconds: spreadOf(loads.map(({ cpuMicroseconds }) => cpuMicroseconds)),
      p99Ms: spreadOf(loads.map(({ latency }) => latency.p99)),
    })),
    /** Of rounds that followed one another. */
    ratio: spreadOf(ours.map((perSecond, round) => perSecond / (bare[round] ?? Number.NaN))),
    failed: results
      .flatMap(({ loads }) => loads)
      .reduce((sum, { errors, timeouts, non2xx }) => sum + errors + timeouts + non2xx, 0),
  };
}

/**
 * @param {Contender} contender
 * @param {Size} size
 * @param {readonly string[]} [length] without it, the seconds of the size
 * @returns {Promise<Load>}
 */
async function load({ url, pid, headers }, { seconds, connections }, length = ['--duration', String(seconds)]) {
  const given = Object.entries(headers).flatMap(([name, value]) => ['--headers', `${name}=${value}`]);
  const sizes = ['--connections', String(connections), ...length];
  const before = cpuOf([pid]);
  const child = spawn(process.execPath, [AUTOCANNON, '--json', ...sizes, ...given, url], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const result = loadSchema.parse(JSON.parse(await text(child.stdout)));
  return { ...result, cpuMicroseconds: ((cpuOf([pid]) - before) * 1e6) / result.requests.total };
}

/** @param {string} body */
async function startBareRoute(body) {
  const child = spawn(process.execPath, [BARE_ROUTE, PATH], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(body);
  const [line] = z.tuple([z.instanceof(Buffer)]).parse(await once(child.stdout, 'data'));
  return { url: `http://127.0.0.1:${Number(line)}${PATH}`, pid: child.pid ?? 0, end: () => child.kill('SIGKILL') };
}

/** @param {Awaited<ReturnType<typeof measure>>} report */
function print({ seconds, rounds, connections, bodyBytes, results, ratio, failed }) {
  printMachine(machine(PACKAGES));
  console.log(
    `\nGET ${PATH}, ${bodyBytes} bytes, ${connections} connections, median of ${rounds} rounds of ${seconds} s (least–most)`,
  );
  console.log(
    `${''.padEnd(22)}${'requests/s'.padStart(24)}${'µs CPU a request'.padStart(20)}${'p50 ms'.padStart(16)}${'p99 ms'.padStart(16)}`,
  );
  for (const { name, requestsPerSecond, cpuMicroseconds, p50Ms, p99Ms } of results) {
    const cells = [textOf(requestsPerSecond).padStart(24), textOf(cpuMicroseconds).padStart(20)];
    console.log([name.padEnd(22), ...cells, ...[p50Ms, p99Ms].map((spread) => textOf(spread).padStart(16))].join(''));
  }
  const { median, min, max } = ratio;
  console.log(
    `ratio of neighbouring rounds ${median.toFixed(2)} (${min.toFixed(2)}–${max.toFixed(2)}), to be at least ${BAR}; failed ${failed}`,
  );
}

/** @param {ReturnType<typeof spreadOf>} spread */
function textOf({ median, min, max }) {
  return `${median.toFixed(0)} (${min.toFixed(0)}–${max.toFixed(0)})`;
}

/** @param {number} value @param {number} most */
function isBetween(value, most) {
  return Number.isInteger(value) && value >= 1 && value <= most;
}
