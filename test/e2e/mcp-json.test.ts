import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { REPOSITORY, temporaryDataDir } from '../support/master-process.ts';

const mcpJsonSchema = z.object({
  mcpServers: z.object({
    lightdom: z.object({ command: z.string(), args: z.array(z.string()), env: z.record(z.string(), z.string()) }),
  }),
});

describe('mcp.json', () => {
  const data = temporaryDataDir();

  afterAll(() => data.remove());

  it('starts a server that lists its tools and answers a call', async () => {
    const { lightdom } = mcpJsonSchema.parse(JSON.parse(readFileSync(join(REPOSITORY, 'mcp.json'), 'utf8'))).mcpServers;
    const transport = new StdioClientTransport({
      ...lightdom,
      env: { ...lightdom.env, PATH: process.env['PATH'] ?? '', LIGHTDOM_DATA_DIR: data.path, LIGHTDOM_HTTP_PORT: '0' },
      cwd: REPOSITORY,
      stderr: 'ignore',
    });
    const client = new Client({ name: 'test', version: '0' });
    await client.connect(transport);
    const { tools } = await client.listTools();
    expect(tools.map((tool) => tool.name)).toContain('graph_trace');
    const answer = await client.callTool({ name: 'system_status', arguments: {} });
    expect(answer.isError ?? false).toBe(false);
    expect(JSON.stringify(answer.content)).toContain('startup running');
    await client.close();
  });
});
