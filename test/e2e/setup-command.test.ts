import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { SHOP } from '../support/app-client.ts';
import { emptyDataDir, REPOSITORY, runLightdom, temporaryDataDir } from '../support/master-process.ts';
import type { TemporaryFolder } from '../support/master-process.ts';

const answerSchema = z.object({ file: z.string(), snippet: z.string(), isChanged: z.boolean().optional() });
const cursorSchema = z.object({
  mcpServers: z.object({ lightdom: z.object({ command: z.string(), args: z.array(z.string()) }) }),
});

describe('lightdom setup', () => {
  let data: TemporaryFolder;
  let home: TemporaryFolder;

  beforeEach(() => {
    data = temporaryDataDir();
    home = emptyDataDir();
  });

  afterEach(() => {
    data.remove();
    home.remove();
  });

  const setup = (...args: readonly string[]): ReturnType<typeof runLightdom> =>
    runLightdom(['setup', ...args, '--data-dir', data.path, '--workspace', SHOP], { HOME: home.path });

  it('writes what a client can start the server with', async () => {
    const { code, stdout } = await setup('cursor', '--write', '--json');
    expect(code).toBe(0);
    const { file, isChanged } = answerSchema.parse(JSON.parse(stdout));
    expect({ file, isChanged }).toEqual({ file: join(home.path, '.cursor/mcp.json'), isChanged: true });
    const { lightdom } = cursorSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).mcpServers;
    expect(lightdom.args).toEqual([
      join(REPOSITORY, 'dist/bin/lightdom.js'),
      'mcp',
      '--workspace',
      SHOP,
      '--data-dir',
      data.path,
    ]);
    const client = new Client({ name: 'test', version: '0' });
    await client.connect(new StdioClientTransport({ ...lightdom, stderr: 'ignore' }));
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain('graph_context');
    await client.close();
  });

  it('shows a snippet, the command of the host and no token, and writes nothing', async () => {
    const shown = await setup('claude-code', '--transport', 'http', '--read-only');
    expect(shown.code).toBe(0);
    expect(shown.stdout).toContain(`Claude Code: add this to ${join(home.path, '.claude.json')}`);
    expect(shown.stdout).toContain('"X-LightDom-Read-Only": "true"');
    expect(shown.stdout).toContain('\n  claude mcp add --scope user --transport http lightdom ');
    expect(shown.stdout).toContain(`"$(cat ${join(data.path, 'token')})"`);
    expect(existsSync(join(home.path, '.claude.json'))).toBe(false);
    expect(existsSync(join(data.path, 'token'))).toBe(false);
  });

  it('passes on what limits the tools', async () => {
    const { stdout } = await setup(
      'codex',
      '--toolsets',
      'graph,runs',
      '--exclude-tools',
      'run_control',
      '--read-only',
    );
    expect(stdout).toContain('"--toolsets", "graph,runs", "--exclude-tools", "run_control", "--read-only"]');
  });

  it('puts the token into a file of its owner when that is asked for', async () => {
    writeFileSync(join(home.path, '.claude.json'), '{"numStartups": 3}');
    const { stdout } = await setup('claude-code', '--transport', 'http', '--show-token', '--write');
    const token = readFileSync(join(data.path, 'token'), 'utf8').trim();
    expect(stdout).not.toContain(token);
    const file = join(home.path, '.claude.json');
    expect(readFileSync(file, 'utf8')).toContain(`Bearer ${token}`);
    expect(readFileSync(file, 'utf8')).toContain('"numStartups": 3');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('lists the hosts, and refuses what there is not', async () => {
    const { stdout } = await setup('--json');
    expect(JSON.parse(stdout)).toHaveLength(10);
    const unknown = await setup('emacs');
    expect(unknown).toMatchObject({ code: 1, stdout: '' });
    expect(unknown.stderr).toContain('Known: claude-desktop, claude-code');
    expect(await setup('cursor', '--scope', 'world')).toMatchObject({ code: 2 });
    const portless = await setup('cursor', '--transport', 'http', '--port', '0');
    expect(portless).toMatchObject({ code: 3, stdout: '' });
    expect(portless.stderr).toContain('fixed port');
  });
});
