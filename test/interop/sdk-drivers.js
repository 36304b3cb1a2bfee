import { Client as NewClient, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as OldStdio } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as OldHttp } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import process from 'node:process';
import { answerOf, resultSchema } from './driver.js';

/**
 * The clients of the official SDK: version 2, in either era, and version 1, which most hosts still ship.
 * @typedef {import('./driver.js').Driver} Driver
 * @typedef {import('./driver.js').Driven} Driven
 * @typedef {import('./driver.js').Place} Place
 */

const INFO = { name: 'interop', version: '1' };

/** @param {Place} place */
const spawned = ({ command }) => ({
  command: process.execPath,
  args: [...command],
  stderr: /** @type {const} */ ('ignore'),
});
/** @param {Place} place */
const authorized = ({ token }) => ({ requestInit: { headers: { authorization: `Bearer ${token}` } } });

/** @type {Driver} */
export const sdk2 = {
  name: 'SDK v2 client',
  eras: ['modern', 'legacy'],
  async open(place, era) {
    const mode = era === 'modern' ? { pin: '2026-07-28' } : /** @type {const} */ ('legacy');
    const client = new NewClient(INFO, { versionNegotiation: { mode } });
    await client.connect(
      place.transport === 'stdio'
        ? new StdioClientTransport(spawned(place))
        : new StreamableHTTPClientTransport(new URL(place.url), authorized(place)),
    );
    return drivenBy({
      listTools: () => client.listTools(),
      callTool: (params, options) => client.callTool(params, options),
      close: () => client.close(),
    });
  },
};

/** @type {Driver} */
export const sdk1 = {
  name: 'SDK v1 client',
  eras: ['legacy'],
  async open(place) {
    const client = new OldClient(INFO);
    await client.connect(
      place.transport === 'stdio' ? new OldStdio(spawned(place)) : new OldHttp(new URL(place.url), authorized(place)),
    );
    return drivenBy({
      listTools: () => client.listTools(),
      callTool: (params, options) => client.callTool(params, undefined, options),
      close: () => client.close(),
    });
  },
};

/**
 * @typedef {object} SdkClient
 * @property {() => Promise<{ tools: readonly { name: string }[] }>} listTools
 * @property {(params: { name: string, arguments?: Record<string, string> }, options?: { signal?: AbortSignal, onprogress?: () => void }) => Promise<unknown>} callTool
 * @property {() => Promise<void>} close
 */

/** @param {SdkClient} client @returns {Driven} */
function drivenBy(client) {
  return {
    list: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: async (name, args) => answerOf(resultSchema.parse(await client.callTool({ name, arguments: args }))),
    async progress(name) {
      let count = 0;
      await client.callTool({ name }, { onprogress: () => void (count += 1) });
      return count;
    },
    async cancel(name, begun) {
      const giveUp = new AbortController();
      const call = client.callTool({ name }, { signal: giveUp.signal }).then(
        () => new Error('It was answered.'),
        () => undefined,
      );
      await begun();
      giveUp.abort();
      const problem = await call;
      if (problem !== undefined) throw problem;
    },
    close: () => client.close(),
  };
}
