import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findOwner } from '../../src/core/data-folder/index.ts';
import { SHOP } from '../support/app-client.ts';
import { REPOSITORY, runLightdom, spawnLightdom, temporaryDataDir } from '../support/master-process.ts';
import type { TemporaryFolder } from '../support/master-process.ts';
import { submitForm } from '../support/secret-desk.ts';

const SECRET = 'ghp_0123456789abcdefABCDEF';
const MAIN = join(REPOSITORY, 'dist/bin/lightdom.js');

describe('lightdom secret', () => {
  let data: TemporaryFolder;
  const file = (): string => join(data.path, 'secrets.json');

  beforeEach(() => {
    data = temporaryDataDir();
  });
  afterEach(() => data.remove());

  const secret = (...args: readonly string[]): ReturnType<typeof runLightdom> =>
    runLightdom(['secret', ...args, '--data-dir', data.path]);

  async function pipe(input: string | Buffer, args: readonly string[], env: Record<string, string> = {}) {
    const lightdom = spawnLightdom(['secret', 'set', ...args, '--data-dir', data.path], env);
    lightdom.child.stdin?.on('error', () => {});
    lightdom.child.stdin?.end(input);
    return { code: await lightdom.exited, stdout: lightdom.stdout(), stderr: lightdom.stderr() };
  }

  it('stores what stdin has, lists it without its value, and deletes it', async () => {
    const set = await pipe(`${SECRET}\n`, ['github.token']);
    expect(set).toEqual({
      code: 0,
      stdout: `github.token is stored in ${file()}; it is used at the next start\n`,
      stderr: '',
    });
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toEqual({ 'github.token': SECRET });
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    const listed = await secret('list', '--json');
    expect(JSON.parse(listed.stdout)).toContainEqual({
      key: 'github.token',
      description: 'Token for the GitHub API; without it no pull request is opened.',
      isSet: true,
      origin: `secret store ${file()}`,
      isStored: true,
    });
    const shown = await runLightdom(['config', 'show', '--origin', '--data-dir', data.path]);
    expect(shown.stdout).toContain(`github.token = "••••"  # secret store ${file()}`);
    expect(listed.stdout + shown.stdout + (await secret('list')).stdout).not.toContain(SECRET);
    expect((await secret('delete', 'github.token')).stdout).toContain(`github.token is deleted from ${file()}`);
    const again = await secret('delete', 'github.token');
    expect(again).toMatchObject({ code: 1, stdout: '' });
    expect(again.stderr).toContain(`The secret store ${file()} has no github.token.`);
  });

  it('says so when a variable wins over what it stores', async () => {
    const env = { GITHUB_TOKEN: 'of-the-env' };
    const set = await pipe(SECRET, ['github.token', '--json'], env);
    expect(JSON.parse(set.stdout)).toEqual({
      key: 'github.token',
      stored: true,
      path: file(),
      takesEffect: 'only once github.token no longer comes from env GITHUB_TOKEN',
    });
    const listed = await runLightdom(['secret', 'list', '--data-dir', data.path], env);
    expect(listed.stdout).toMatch(/github\.token +set +env GITHUB_TOKEN {2}\(one in the secret store is not used\)/);
  });

  it.each([
    { what: 'an unknown key', args: ['githb.token'], input: SECRET, why: 'Did you mean `github.token`?' },
    { what: 'a key that is no secret', args: ['http.port'], input: SECRET, why: 'key `http.port` is no secret.' },
    { what: 'nothing', args: ['github.token'], input: '\n', why: 'The value for github.token is empty' },
    { what: 'several lines', args: ['github.token'], input: 'a\nb\n', why: 'a line break' },
    { what: 'too much', args: ['github.token'], input: 'x'.repeat(1_000_000), why: 'is longer than 65536 bytes' },
    { what: 'bytes', args: ['github.token'], input: Buffer.from([0xff, 0xfe, 0x41]), why: 'is no UTF-8 text' },
    { what: 'an argument', args: ['github.token', SECRET], input: '', why: 'too many arguments' },
  ])('refuses $what', async ({ args, input, why }) => {
    const { code, stdout, stderr } = await pipe(input, args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(why);
    expect(stderr).not.toContain(SECRET);
    expect(existsSync(file())).toBe(false);
  });

  it('refuses a store that others can read, in every command', async () => {
    await pipe(SECRET, ['github.token']);
    chmodSync(file(), 0o644);
    const { code, stderr } = await runLightdom(['config', '--data-dir', data.path]);
    expect(code).toBe(4);
    expect(stderr).toContain(`Run \`chmod 600 ${file()}\``);
  });

  it.runIf(process.platform === 'linux')('asks on a terminal, and shows nothing of what is typed', async () => {
    const command = `'${process.execPath}' '${MAIN}' secret set github.token --data-dir '${data.path}'`;
    const terminal = spawn('script', ['-qfec', command, '/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'] });
    let shown = '';
    terminal.stdout.setEncoding('utf8').on('data', (text: string) => {
      // Whoever types sooner sees it: until the question the terminal itself echoes.
      if (!shown.includes('not shown') && (shown + text).includes('not shown')) terminal.stdin.write(`${SECRET}x\b\r`);
      shown += text;
    });
    await once(terminal, 'close');
    expect(shown).toMatch(/Value of github\.token \(it is not shown\): \s+github\.token is stored in /);
    expect(shown).not.toContain('ghp_');
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toEqual({ 'github.token': SECRET });
  });

  it('is what a client on stdio has the master ask for, through a process that is attached to it', async () => {
    const args = [MAIN, 'mcp', '--workspace', SHOP, '--data-dir', data.path, '--port', '0', '--toolsets', 'all'];
    const open = async (asked: string[]): Promise<Client> => {
      const client = new Client({ name: 'test', version: '0' }, { capabilities: { elicitation: { url: {} } } });
      client.setRequestHandler('elicitation/create', async ({ params }) => {
        if (params.mode !== 'url') return { action: 'cancel' };
        asked.push(params.url);
        await submitForm(params.url, SECRET);
        return { action: 'accept' };
      });
      await client.connect(new StdioClientTransport({ command: process.execPath, args, stderr: 'ignore' }));
      return client;
    };
    const asked: string[] = [];
    const master = await open([]);
    await master.callTool({ name: 'system_status', arguments: {} });
    const attached = await open(asked);
    const answer = await attached.callTool({ name: 'secret_request', arguments: { key: 'github.token' } });
    expect(answer.structuredContent).toMatchObject({ key: 'github.token', status: 'stored' });
    expect(asked).toHaveLength(1);
    expect(asked[0]?.startsWith(`${findOwner(data.path)?.url}/secrets/`)).toBe(true);
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toEqual({ 'github.token': SECRET });
    await attached.close();
    await master.close();
  });
});
