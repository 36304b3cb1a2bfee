import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { SHOP } from '../support/app-client.ts';
import { openMcpProcess } from '../support/mcp-process.ts';
import { runLightdom, temporaryDataDir } from '../support/master-process.ts';
import type { TemporaryFolder } from '../support/master-process.ts';

const toolsSchema = z.object({
  sha256: z.string(),
  tools: z.array(z.object({ name: z.string(), isListed: z.boolean(), isAllowed: z.boolean(), sha256: z.string() })),
});

/** Each ends before a database is needed. */
describe('the policy on the command line', () => {
  let data: TemporaryFolder;

  beforeEach(() => {
    data = temporaryDataDir();
  });

  afterEach(() => data.remove());

  it.each([
    {
      args: ['start', '--toolsets', 'graphs,runs'],
      said: 'mcp.toolsets (--toolsets) names "graphs", which is no toolset (did you mean "graph"?). Valid: default, all, ',
    },
    {
      args: ['mcp', '--tools', 'note_creat'],
      said: 'mcp.tools (--tools) names "note_creat", which is no tool (did you mean "note_create"?). Valid: ',
    },
    {
      args: ['start', '--exclude-tools', 'nothing'],
      said: 'mcp.excludeTools (--exclude-tools) names "nothing", which is no tool. Valid: ',
    },
  ])('$args does not start, and says what is valid', async ({ args, said }) => {
    const { code, stderr } = await runLightdom([...args, '--data-dir', data.path]);
    expect(code).toBe(2);
    expect(stderr).toContain(said);
  });

  it('refuses to call what it forbids, under any name', async () => {
    const run = (...args: string[]) => runLightdom(['call', ...args, '--data-dir', data.path]);
    const direct = await run('note_create', '{}', '--read-only');
    expect(direct).toMatchObject({ code: 4, stdout: '' });
    expect(direct.stderr).toContain('mcp.readOnly (--read-only) is set.');
    const through = await run('tool_call', '{"tool":"run_list"}', '--exclude-tools', 'run_list,run_get');
    expect(through).toMatchObject({ code: 4 });
    expect(through.stderr).toContain('run_list is excluded here.');
  });

  it('is recorded by the process that denies, whoever runs what it allows', async () => {
    const front = await openMcpProcess(['--read-only', '--data-dir', data.path, '--workspace', SHOP]);
    await expect(front.call('graph_index')).rejects.toThrow('mcp.readOnly (--read-only) is set.');
    await front.call('tool_search', { query: 'runs' });
    const lines = readFileSync(join(data.path, 'audit.jsonl'), 'utf8').trim().split('\n');
    expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
      { tool: 'graph_index', transport: 'stdio', decision: 'denied', deniedBy: 'mcp.readOnly (--read-only)' },
      { tool: 'tool_search', transport: 'stdio', decision: 'allowed', outcome: 'ok' },
    ]);
    expect(await front.close()).toBe(0);
  });

  it('is seen in the list of tools, with a digest of what agents are told of each', async () => {
    const { code, stdout } = await runLightdom(['tools', '--json', '--read-only', '--data-dir', data.path]);
    expect(code).toBe(0);
    const { sha256, tools } = toolsSchema.parse(JSON.parse(stdout));
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    const placed = new Map(tools.map((tool) => [tool.name, [tool.isListed, tool.isAllowed]]));
    expect(placed.get('graph_search')).toEqual([true, true]);
    expect(placed.get('run_log')).toEqual([false, true]);
    expect(placed.get('note_delete')).toEqual([false, false]);
    expect(new Set(tools.map((tool) => tool.sha256)).size).toBe(tools.length);
  });

  it('takes it from the environment, separated by commas', async () => {
    const env = { LIGHTDOM_MCP_TOOLSETS: 'graph, runz' };
    const { code, stderr } = await runLightdom(['start', '--data-dir', data.path], env);
    expect(code).toBe(2);
    expect(stderr).toContain('names "runz", which is no toolset (did you mean "runs"?)');
  });
});
