import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { answerOf, isCancelledByLeaving, resultSchema } from './driver.js';

/**
 * The client of the AI SDK. Its package is not of this project, so it is loaded from a folder and has no types here.
 * @typedef {import('./driver.js').Driver} Driver
 * @typedef {(...args: readonly unknown[]) => Promise<unknown>} Method
 * @typedef {{ listTools: Method, callTool: Method, close: Method }} AiClient
 */

/** @type {z.ZodType<Method>} */
const method = z.custom((value) => typeof value === 'function');
/** @type {z.ZodType<{ createMCPClient: Method }>} */
const moduleSchema = z.object({ createMCPClient: method });
/** @type {z.ZodType<{ Experimental_StdioMCPTransport: new (options: object) => object }>} */
const stdioSchema = z.object({ Experimental_StdioMCPTransport: z.custom((value) => typeof value === 'function') });
/** Its methods are of its prototype, which a schema of their own would leave behind. @type {z.ZodType<AiClient>} */
const clientSchema = z.custom(
  (value) => z.looseObject({ listTools: method, callTool: method, close: method }).safeParse(value).success,
);
const toolsSchema = z.object({ tools: z.array(z.object({ name: z.string() })) });

/** @param {string} modules @returns {Driver} */
export function aiSdk(modules) {
  const folder = join(modules, '@ai-sdk/mcp/dist');
  return {
    name: '@ai-sdk/mcp',
    eras: ['modern', 'legacy'],
    async open(place, era) {
      const { createMCPClient } = moduleSchema.parse(await import(pathToFileURL(join(folder, 'index.js')).href));
      const transport =
        place.transport === 'stdio'
          ? await stdioTransport(folder, place.command)
          : { type: 'http', url: place.url, headers: { Authorization: `Bearer ${place.token}` }, ...initial(era) };
      const client = clientSchema.parse(
        await createMCPClient({ transport, protocolVersionDiscovery: era === 'modern', maxRetries: 0 }),
      );
      return {
        list: async () => toolsSchema.parse(await client.listTools()).tools.map(({ name }) => name),
        call: async (name, args) => answerOf(resultSchema.parse(await client.callTool({ name, arguments: args }))),
        // It tells nobody that a call is aborted: a server sees the end of the call's own stream, or of the client.
        ...(isCancelledByLeaving(place, era) && {
          async cancel(/** @type {string} */ name, /** @type {() => Promise<void>} */ begun) {
            const giveUp = new AbortController();
            const call = client.callTool({ name, options: { signal: giveUp.signal } }).catch(() => undefined);
            await begun();
            giveUp.abort();
            await call;
            if (place.transport === 'stdio') await client.close();
          },
        }),
        close: async () => {
          await client.close();
        },
      };
    },
  };
}

/** @param {import('./driver.js').Era} era */
const initial = (era) => (era === 'modern' ? {} : { initialProtocolVersion: '2025-11-25' });

/** @param {string} folder @param {readonly string[]} args */
async function stdioTransport(folder, args) {
  const loaded = stdioSchema.parse(await import(pathToFileURL(join(folder, 'mcp-stdio/index.js')).href));
  return new loaded.Experimental_StdioMCPTransport({ command: process.execPath, args, stderr: 'ignore' });
}
