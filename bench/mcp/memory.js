import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** Requests at a time. */
const CONCURRENCY = 10;
const SAMPLES = 10;
const REVISION = '2026-07-28';

/**
 * Resident memory of the server before the first request and after each tenth of them. Each request is of the newer era,
 * where nothing is kept between two of them.
 * @param {import('../../test/interop/product-server.js').ProductServer} product
 * @param {number} requests
 * @returns {Promise<readonly { requests: number, rssMb: number }[]>}
 */
export async function memoryOver({ url, token, pid }, requests) {
  const samples = [{ requests: 0, rssMb: rssMbOf(pid) }];
  const step = Math.ceil(requests / SAMPLES);
  for (let done = 0; done < requests;) {
    const next = Math.min(step, requests - done);
    await callMany({ url, token }, next);
    done += next;
    samples.push({ requests: done, rssMb: rssMbOf(pid) });
  }
  return samples;
}

/** @param {{ url: string, token: string }} server @param {number} count */
async function callMany(server, count) {
  let left = count;
  const caller = async () => {
    while (left > 0) {
      left -= 1;
      await call(server);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, caller));
}

const answerSchema = z.object({
  result: z.looseObject({ structuredContent: z.looseObject({ tools: z.array(z.unknown()) }) }),
});

/** @param {{ url: string, token: string }} server */
async function call({ url, token }) {
  const name = 'tool_search';
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': REVISION,
      'mcp-method': 'tools/call',
      'mcp-name': name,
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: {
        name,
        arguments: { query: 'runs' },
        _meta: {
          'io.modelcontextprotocol/protocolVersion': REVISION,
          'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1' },
          'io.modelcontextprotocol/clientCapabilities': {},
        },
      },
    }),
  });
  const text = await answer.text();
  const json = text.startsWith('{') ? text : (/^data: (\{.*)$/m.exec(text)?.[1] ?? '{}');
  if (!answerSchema.safeParse(JSON.parse(json)).success)
    throw new Error(`It answered ${answer.status}: ${text.slice(0, 300)}`);
}

/** VmRSS of proc(5). @param {number} pid */
function rssMbOf(pid) {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1024;
}
