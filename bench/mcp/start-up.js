import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { ROOT } from '../machine.js';
import { startProduct } from '../../test/interop/product-server.js';
import { referenceEntry } from './reference-server.js';

/**
 * Milliseconds from the start of a process to its answer to `tools/list` over stdio; the reference first. Ours is measured
 * where a master runs already, as when a second host is opened, and where there is none yet.
 * @param {string} modules
 * @param {number} rounds
 */
export async function startUpTimes(modules, rounds) {
  const main = join(ROOT, 'dist/bin/lightdom.js');
  const product = await startProduct();
  try {
    const contenders = [
      { name: 'reference', args: () => [referenceEntry(modules), 'stdio'] },
      { name: 'LightDom, master running', args: () => [main, 'mcp', '--data-dir', product.dataDir] },
      {
        name: 'LightDom, nothing running',
        args: (/** @type {string} */ folder) => [main, 'mcp', '--port', '0', '--data-dir', folder],
      },
    ];
    const times = contenders.map(({ name }) => ({ name, ms: /** @type {number[]} */ ([]) }));
    for (let round = -1; round < rounds; round += 1) {
      for (const [index, { args }] of contenders.entries()) {
        const folder = mkdtempSync(join(tmpdir(), 'lightdom-bench-'));
        const ms = await startUp(args(folder), folder);
        rmSync(folder, { recursive: true, force: true });
        if (round >= 0) times[index]?.ms.push(ms);
      }
    }
    return times;
  } finally {
    await product.close();
  }
}

/** @param {readonly string[]} args @param {string} cwd */
async function startUp(args, cwd) {
  const startedAt = performance.now();
  const transport = new StdioClientTransport({ command: process.execPath, args: [...args], cwd, stderr: 'ignore' });
  const client = new Client({ name: 'bench', version: '1' });
  try {
    await client.connect(transport);
    await client.listTools();
    return performance.now() - startedAt;
  } finally {
    await client.close();
  }
}
