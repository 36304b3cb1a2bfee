#!/usr/bin/env node
/**
 * Clients of other projects against the product, over both transports and in both protocol eras, recorded profiles of many
 * more, and checkers: `npm run interop`.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { aiSdk } from '../test/interop/ai-sdk-driver.js';
import { runCheckers } from '../test/interop/checkers.js';
import { clientProfiles, playProfile } from '../test/interop/client-profiles.js';
import { inspector, mcpc, mcporter } from '../test/interop/cli-drivers.js';
import { sdk1, sdk2 } from '../test/interop/sdk-drivers.js';
import { exitOf, firstLineOf } from './child-output.js';
import { installedTools } from './install-tools.js';

/**
 * @typedef {import('../test/interop/driver.js').Place} Place
 * @typedef {import('../test/interop/driver.js').Driver} Driver
 * @typedef {import('../test/interop/driver.js').Driven} Driven
 */

const USAGE = `npm run interop -- [--client WORD]

  --client WORD  only clients with this in their name, and no checkers
`;

const FIXTURES = fileURLToPath(new URL('../test/conformance', import.meta.url));
const SETTLE_MS = 10_000;
const countsSchema = z.object({ begun: z.number(), aborted: z.number() });
const servedSchema = z.object({ url: z.string(), token: z.string(), dataDir: z.string() });

const { values: options } = parseArgs({
  options: { client: { type: 'string', default: '' }, help: { type: 'boolean', default: false } },
});
if (options.help) console.log(USAGE);
else process.exitCode = (await runMatrix()) ? 0 : 1;

async function runMatrix() {
  const modules = installedTools('clients');
  const drivers = [sdk2, sdk1, inspector(modules), mcporter(modules), mcpc(modules), aiSdk(modules)];
  const server = spawn(process.execPath, [join(FIXTURES, 'serve-fixtures.js')], { stdio: ['pipe', 'pipe', 'inherit'] });
  const { url, token, dataDir } = servedSchema.parse(JSON.parse(await firstLineOf(server)));
  const command = [join(FIXTURES, 'front.js'), 'mcp', '--data-dir', dataDir, '--workspace', dataDir];
  let isGreen = true;
  try {
    for (const driver of drivers.filter(({ name }) => isWanted(name))) {
      for (const transport of /** @type {const} */ (['http', 'stdio'])) {
        for (const era of driver.eras) {
          const place = { transport, url: `${url}/mcp`, token, command };
          const cells = await tryAll(driver, place, era).catch((error) => [
            { name: 'connect', problem: String(error).slice(0, 500), isLacking: false },
          ]);
          isGreen = isGreen && cells.every(({ problem }) => problem === undefined);
          const text = cells.map(({ name, problem, isLacking }) => `${name} ${verdict(problem, isLacking)}`);
          console.log(`${driver.name.padEnd(14)} ${transport.padEnd(6)} ${era.padEnd(7)} ${text.join('  ')}`);
          for (const { name, problem } of cells) if (problem !== undefined) console.log(`  ${name}: ${problem}`);
        }
      }
    }
    isGreen = (await playProfiles(modules, { url: `${url}/mcp`, token })) && isGreen;
  } finally {
    server.stdin.end();
    await exitOf(server);
  }
  if (options.client === '') isGreen = (await check(modules)) && isGreen;
  console.log(isGreen ? 'All green.' : 'Not all green.');
  return isGreen;
}

/** @param {string} modules */
async function check(modules) {
  const checked = await runCheckers(modules);
  for (const { name, problem } of checked) console.log(`${problem === undefined ? 'ok    ' : 'FAILED'} ${name}`);
  for (const { problem } of checked) if (problem !== undefined) console.log(`  ${problem}`);
  return checked.every(({ problem }) => problem === undefined);
}

/** @param {string} modules @param {{ url: string, token: string }} server */
async function playProfiles(modules, server) {
  const profiles = (await clientProfiles(modules)).filter(({ title }) => isWanted(title));
  let green = 0;
  for (const profile of profiles) {
    const problem = await playProfile(profile, server);
    if (problem === undefined) green += 1;
    else console.log(`  ${profile.title}: ${problem}`);
  }
  console.log(`${green} of ${profiles.length} recorded client profiles get through the core scenario`);
  return green === profiles.length;
}

/** @param {string} name */
function isWanted(name) {
  return name.toLowerCase().includes(options.client.toLowerCase());
}

/** @param {string | undefined} problem @param {boolean} isLacking */
function verdict(problem, isLacking) {
  if (problem !== undefined) return 'FAILED';
  return isLacking ? '–' : 'ok';
}

/** @param {Driver} driver @param {Place} place @param {import('../test/interop/driver.js').Era} era */
async function tryAll(driver, place, era) {
  /** @type {{ name: string, problem: string | undefined, isLacking: boolean }[]} */
  const cells = [];
  const driven = await driver.open(place, era);
  /** @param {string} name @param {() => Promise<string | undefined>} work */
  const attempt = async (name, work) => {
    const problem = await work().catch((/** @type {unknown} */ error) => String(error).slice(0, 500));
    cells.push({ name, problem, isLacking: false });
  };
  await attempt('list', async () => ((await driven.list()).includes('greet') ? undefined : 'greet is not listed'));
  await attempt('call', async () => {
    const { text, isError } = await driven.call('greet', { name: 'Ann' });
    return !isError && text.includes('Hello, Ann!') ? undefined : `answered ${text}`;
  });
  await attempt('error', async () => {
    const { text, isError } = await driven.call('test_error_handling', {});
    return isError && text.includes('intentionally') ? undefined : `answered ${text}`;
  });
  if (driven.progress === undefined) cells.push({ name: 'progress', problem: undefined, isLacking: true });
  else await attempt('progress', () => tryProgress(driven));
  if (driven.cancel === undefined) cells.push({ name: 'cancel', problem: undefined, isLacking: true });
  else await attempt('cancel', () => tryCancel(driven, place));
  await driven.close();
  return cells;
}

/** The last notification may be lost when it arrives together with the answer. @param {Driven} driven */
async function tryProgress(driven) {
  const count = (await driven.progress?.('test_tool_with_progress')) ?? 0;
  return count >= 2 ? undefined : `${count} notifications arrived`;
}

/** @param {Driven} driven @param {Place} place */
async function tryCancel(driven, place) {
  const before = await countsOf(place);
  const until = async (/** @type {(counts: Counts) => boolean} */ isReached) => {
    for (let waited = 0; waited < SETTLE_MS; waited += 50) {
      if (isReached(await countsOf(place))) return;
      await delay(50);
    }
    throw new Error(`The server did not see it: ${JSON.stringify(await countsOf(place))}`);
  };
  await driven.cancel?.('test_endless', () => until(({ begun }) => begun > before.begun));
  await until(({ aborted }) => aborted > before.aborted);
  return undefined;
}

/** @typedef {{ begun: number, aborted: number }} Counts */

/** What the server saw of endless calls, asked by a client of our own. @param {Place} place @returns {Promise<Counts>} */
async function countsOf(place) {
  const watcher = await sdk2.open({ ...place, transport: 'http' }, 'modern');
  const { text } = await watcher.call('test_counts', {});
  await watcher.close();
  return countsSchema.parse(JSON.parse(text));
}
