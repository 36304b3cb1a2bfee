import { join } from 'node:path';
import { z } from 'zod';
import { runClient } from './driver.js';

/** Its secrets stay in memory: a machine without a keyring has nowhere else to put them. */
export const INSPECTOR_ENV = { MCP_INSPECTOR_SECRET_STORE: 'memory' };

/** @param {string} modules the folder `node_modules` that it is in */
export function inspectorEntry(modules) {
  return join(modules, '@modelcontextprotocol/inspector/clients/launcher/build/index.js');
}

/**
 * @typedef {object} HttpTarget
 * @property {string} url of the MCP endpoint
 * @property {string} [token]
 * @property {import('./driver.js').Era} era
 */

/** @param {HttpTarget} target @returns {readonly string[]} */
const targetArgs = ({ url, token, era }) => [
  '--protocol-era',
  era,
  '--server-url',
  url,
  '--transport',
  'http',
  ...(token === undefined ? [] : ['--header', `Authorization: Bearer ${token}`]),
];

const COMMON = ['--cli', '-q', '--format', 'json'];

/**
 * What its check of schemas complains of, line by line.
 * @param {string} modules @param {HttpTarget} target
 */
export async function strictComplaints(modules, target) {
  const args = [inspectorEntry(modules), ...COMMON, ...targetArgs(target), '--method', 'tools/list', '--strict'];
  const { status, error } = await runClient(args, { env: INSPECTOR_ENV });
  const lines = error.split('\n').filter((line) => line.trim() !== '');
  return status === 0 ? lines : [`it ended with ${status}`, ...lines];
}

const loadSchema = z.object({
  result: z.object({
    ok: z.number(),
    toolErrors: z.number(),
    errors: z.number(),
    throughput: z.number(),
    latencyMs: z.object({ p50: z.number(), p99: z.number() }),
    errorMessages: z.array(z.unknown()),
  }),
});
/** @typedef {z.output<typeof loadSchema>['result']} LoadResult */

/**
 * Many calls of one tool.
 * @param {string} modules @param {HttpTarget} target
 * @param {{ tool: string, args: Record<string, unknown>, requests: number, concurrency: number }} load
 * @returns {Promise<LoadResult>}
 */
export async function inspectorLoad(modules, target, { tool, args, requests, concurrency }) {
  const call = ['--method', 'tools/call', '--tool-name', tool, '--tool-args-json', JSON.stringify(args)];
  const load = ['--load', '--load-requests', String(requests), '--load-concurrency', String(concurrency)];
  const command = [inspectorEntry(modules), ...COMMON, ...targetArgs(target), ...call, ...load];
  const { out, error } = await runClient(command, { env: INSPECTOR_ENV });
  const parsed = loadSchema.safeParse(jsonIn(out));
  if (parsed.success) return parsed.data.result;
  throw new Error(`The load gave no figures: ${out.slice(0, 300)} ${error.slice(0, 300)}`);
}

/** @param {string} text @returns {unknown} */
function jsonIn(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
