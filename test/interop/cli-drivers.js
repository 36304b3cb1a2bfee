import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { z } from 'zod';
import { INSPECTOR_ENV, inspectorEntry } from './inspector-cli.js';
import { answerOf, interruptClient, isCancelledByLeaving, resultSchema, runClient } from './driver.js';

/**
 * Clients of other projects that are run as commands. Each call is a process of its own, and giving up is an interrupt.
 * @typedef {import('./driver.js').Driver} Driver
 * @typedef {import('./driver.js').Place} Place
 */

const toolsSchema = z.object({ tools: z.array(z.object({ name: z.string() })) });

/** @param {string} modules the folder `node_modules` that the clients are in @returns {Driver} */
export function inspector(modules) {
  const entry = inspectorEntry(modules);
  const env = INSPECTOR_ENV;
  return {
    name: 'Inspector CLI',
    eras: ['modern', 'legacy'],
    open(place, era) {
      const target =
        place.transport === 'stdio'
          ? ['--', process.execPath, ...place.command]
          : ['--server-url', place.url, '--transport', 'http', '--header', `Authorization: Bearer ${place.token}`];
      /** @param {readonly string[]} args */
      const command = (args) => [entry, '--cli', '-q', '--protocol-era', era, '--format', 'json', ...args, ...target];
      const callArgs = (/** @type {string} */ name) => ['--method', 'tools/call', '--tool-name', name];
      return Promise.resolve({
        list: async () => {
          const { out, error } = await runClient(command(['--method', 'tools/list']), { env });
          return toolsSchema.parse(resultIn(out, error)).tools.map(({ name }) => name);
        },
        call: async (name, args) => {
          const given = ['--tool-args-json', JSON.stringify(args)];
          const { out, error } = await runClient(command([...callArgs(name), ...given]), { env });
          return answerOf(resultSchema.parse(resultIn(out, error)));
        },
        ...(isCancelledByLeaving(place, era) && {
          cancel: (/** @type {string} */ name, /** @type {() => Promise<void>} */ begun) =>
            interruptClient(command(callArgs(name)), begun, env),
        }),
        close: () => Promise.resolve(),
      });
    },
  };
}

const inspectorSchema = z.object({ result: z.unknown() });

/** @param {string} out @param {string} error */
function resultIn(out, error) {
  const parsed = inspectorSchema.safeParse(jsonOf(out.split('\n')[0] ?? ''));
  if (parsed.success) return parsed.data.result;
  throw new Error(`No result: ${out.slice(0, 200)} ${error.slice(0, 400)}`);
}

/** @param {string} modules @returns {Driver} */
export function mcporter(modules) {
  const entry = join(modules, 'mcporter/dist/cli.js');
  return {
    name: 'mcporter',
    // It opens as it likes.
    eras: ['legacy'],
    open(place) {
      const folder = mkdtempSync(join(tmpdir(), 'lightdom-mcporter-'));
      const config = join(folder, 'mcporter.json');
      const headers = { Authorization: `Bearer ${place.token}` };
      const server =
        place.transport === 'stdio'
          ? { command: process.execPath, args: place.command }
          : { url: place.url, headers, allowHttp: true };
      writeFileSync(config, JSON.stringify({ mcpServers: { lightdom: server }, imports: [] }));
      const env = { MCPORTER_CONFIG: config, HOME: folder };
      /** @param {readonly string[]} args */
      const command = (args) => [entry, '--config', config, ...args];
      return Promise.resolve({
        list: async () => {
          const { out, error } = await runClient(command(['list', 'lightdom', '--json']), { env });
          const parsed = z.looseObject({ tools: toolsSchema.shape.tools }).safeParse(jsonOf(out));
          if (!parsed.success) throw new Error(`No list: ${out.slice(0, 200)} ${error.slice(0, 400)}`);
          return parsed.data.tools.map(({ name }) => name);
        },
        call: async (name, args) => {
          const given = ['--args', JSON.stringify(args), '--output', 'raw'];
          const { out, error, status } = await runClient(command(['call', `lightdom.${name}`, ...given]), { env });
          return { text: `${out}${error}`, isError: status !== 0 || /isError: true/.test(out) };
        },
        ...(isCancelledByLeaving(place, 'legacy') && {
          cancel: (/** @type {string} */ name, /** @type {() => Promise<void>} */ begun) =>
            interruptClient(command(['call', `lightdom.${name}`]), begun, env),
        }),
        close: () => {
          rmSync(folder, { recursive: true, force: true });
          return Promise.resolve();
        },
      });
    },
  };
}

/** @param {string} modules @returns {Driver} */
export function mcpc(modules) {
  const entry = join(modules, '@apify/mcpc/bin/mcpc');
  return {
    name: 'mcpc',
    eras: ['legacy'],
    async open(place) {
      const folder = mkdtempSync(join(tmpdir(), 'lightdom-mcpc-'));
      const config = join(folder, 'mcp.json');
      const headers = { Authorization: `Bearer ${place.token}` };
      const server =
        place.transport === 'stdio' ? { command: process.execPath, args: place.command } : { url: place.url, headers };
      writeFileSync(config, JSON.stringify({ mcpServers: { lightdom: server } }));
      const env = { HOME: folder, MCPC_HOME_DIR: folder };
      await connectSession([entry, 'connect', `${config}:lightdom`, '@interop'], env);
      /** @param {readonly string[]} args */
      const command = (args) => [entry, '@interop', ...args, '--json'];
      return {
        list: async () => {
          const { out } = await runClient(command(['tools-list']), { env });
          return toolsSchema.shape.tools.parse(jsonOf(out)).map(({ name }) => name);
        },
        call: async (name, args) => {
          const given = Object.entries(args).map(([key, value]) => `${key}:=${JSON.stringify(value)}`);
          const { out, error, status } = await runClient(command(['tools-call', name, ...given]), { env });
          const parsed = resultSchema.safeParse(jsonOf(out));
          return parsed.success ? answerOf(parsed.data) : { text: `${out}${error}`, isError: status !== 0 };
        },
        close: async () => {
          await runClient([entry, 'close', '@interop'], { env });
          rmSync(folder, { recursive: true, force: true });
        },
        // Its session is kept by another process, which does not hear of the interrupt: closing the session ends the call.
        async cancel(name, begun) {
          const call = runClient(command(['tools-call', name]), { env });
          await begun();
          await runClient([entry, 'close', '@interop'], { env });
          await call;
        },
      };
    },
  };
}

/** Its background process has to be up within a few seconds, which a busy machine may not grant at once. */
const CONNECT_ATTEMPTS = 4;

/** @param {readonly string[]} args @param {Record<string, string>} env */
async function connectSession(args, env) {
  let said = '';
  for (let attempt = 1; attempt <= CONNECT_ATTEMPTS; attempt += 1) {
    const { status, out, error } = await runClient(args, { env });
    if (status === 0) return;
    said = `${out}${error}`;
  }
  throw new Error(`Not connected: ${said}`);
}

/** @param {string} text @returns {unknown} */
function jsonOf(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
