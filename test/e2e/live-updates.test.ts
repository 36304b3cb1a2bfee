import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deserializeMessage } from '@modelcontextprotocol/client';
import { z } from 'zod';
import { SHOP } from '../support/app-client.ts';
import { newClient } from '../support/live-client.ts';
import type { LiveClient } from '../support/live-client.ts';
import { spawnLightdom, temporaryDataDir } from '../support/master-process.ts';
import type { LightdomProcess, TemporaryFolder } from '../support/master-process.ts';
import { openMcpProcess } from '../support/mcp-process.ts';
import type { McpProcess } from '../support/mcp-process.ts';
import { StreamTransport } from '../support/stream-transport.ts';

describe('lightdom mcp before a master', () => {
  let data: TemporaryFolder;
  let master: McpProcess;
  let front: LightdomProcess;

  beforeEach(async () => {
    data = temporaryDataDir();
    master = await openMcpProcess(['--data-dir', data.path, '--workspace', SHOP]);
    await master.call('system_status');
    front = spawnLightdom(['mcp', '--data-dir', data.path, '--workspace', SHOP], { LIGHTDOM_LOG_LEVEL: 'info' });
  });

  afterEach(async () => {
    front.child.stdin?.end();
    await Promise.all([master.close(), front.exited]);
    data.remove();
  });

  function openFront(era: 'modern' | 'legacy'): Promise<LiveClient> {
    const { stdin, stdout } = front.child;
    if (stdin === null || stdout === null) throw new Error('lightdom mcp did not start');
    return newClient(era, new StreamTransport({ input: stdout, output: stdin }, deserializeMessage));
  }

  it.each(['modern', 'legacy'] as const)(
    'completes and follows what another process does, and goes on as the master; %s client',
    async (era) => {
      const client = await openFront(era);
      await front.until(() => front.stderr().includes('attached to the master'));
      const { run } = await master.call('run_drill', { operations: 1_000_000, chunks: 4 });
      const { runId } = z.object({ runId: z.string() }).parse(run);
      const uri = `run://${runId}`;
      const ref = { type: 'ref/resource', uri: 'run://{runId}' } as const;
      const argument = { name: 'runId', value: runId.slice(0, 6) };
      expect((await client.complete({ ref, argument })).values).toEqual([runId]);
      const end = await client.subscribe([uri]);
      await client.updated(uri, 2);
      await end();

      const status = 'lightdom://status';
      await client.subscribe([status]);
      await client.updated(status, 1);
      master.lightdom.child.kill('SIGKILL');
      await front.until(() => front.stderr().includes('this process is the master'));
      await client.updated(status, 2);
    },
    120_000,
  );
});
