import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { GitTransfer } from '../../../src/git/git-runtime.ts';
import { failureOf } from '../../support/failure-of.ts';
import { startGitServer } from '../../support/git-server.ts';
import type { GitServer } from '../../support/git-server.ts';
import { createRepository } from '../git-repository.ts';
import type { GitRepository } from '../git-repository.ts';

const TOKEN = 'ghx-canary-7f3a';
const transfer = new GitTransfer({ protectedBranches: ['main', 'release/*'] });

let folder: string;
let server: GitServer;
let other: GitServer;
let repository: GitRepository;
let remoteUrl: string;
let bare: string;
let counter = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lightdom-remotes-'));
  other = await startGitServer(folder);
  server = await startGitServer(folder, other.url);
});

afterAll(async () => {
  await server.close();
  await other.close();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(() => {
  counter += 1;
  bare = join(folder, `r${counter}.git`);
  execFileSync('git', ['init', '--bare', '--quiet', '--initial-branch=main', bare]);
  execFileSync('git', ['-C', bare, 'config', 'http.receivepack', 'true']);
  repository = createRepository({ 'a.ts': 'one\n' });
  onTestFinished(() => repository.remove());
  remoteUrl = `${server.url}/r${counter}.git`;
});

function remoteTip(branch: string): string {
  return execFileSync('git', ['-C', bare, 'rev-parse', `refs/heads/${branch}`], { encoding: 'utf8' }).trim();
}

function gitFiles(root: string): string {
  const files = readdirSync(join(root, '.git'), { recursive: true, withFileTypes: true });
  return files
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}

describe('a push over HTTP', () => {
  test('makes the branch there, and moves it forward', async () => {
    repository.git('branch', 'agent/fix');
    const first = await transfer.push({ folder: repository.root, remoteUrl, branch: 'agent/fix', token: 'good' });
    expect(remoteTip('agent/fix')).toBe(first.commit);
    repository.git('switch', '--quiet', 'agent/fix');
    repository.write({ 'a.ts': 'two\n' });
    const next = repository.commit('second');
    expect(await transfer.push({ folder: repository.root, remoteUrl, branch: 'agent/fix', token: 'good' })).toEqual({
      branch: 'agent/fix',
      commit: next,
    });
    expect(remoteTip('agent/fix')).toBe(next);
    expect(server.requests.at(-1)?.authorization).toBe(
      `Basic ${Buffer.from('x-access-token:good').toString('base64')}`,
    );
  });

  test.each([
    { token: TOKEN, shown: 'access was refused' },
    { token: 'reader', shown: 'access was refused' },
    { token: undefined, shown: 'access was refused' },
  ])('says that $token is not let in, and does not name it', async ({ token, shown }) => {
    const failure = await failureOf(
      transfer.push({ folder: repository.root, remoteUrl, branch: 'agent/fix', source: 'HEAD', token }),
    );
    expect(failure).toMatchObject({ code: 'permission_denied' });
    expect(String(failure)).toContain(shown);
    const text = inspected(failure);
    expect(text).not.toContain(TOKEN);
    expect(text).not.toContain(Buffer.from(`x-access-token:${TOKEN}`).toString('base64'));
  });

  test('overwrites a branch of the agent under a lease, and not one that has moved', async () => {
    const branch = 'agent/fix';
    const push = (source: string, lease?: string) =>
      transfer.push({ folder: repository.root, remoteUrl, branch, source, token: 'good', lease });
    const { commit: first } = await push('HEAD', '');
    repository.git('commit', '--quiet', '--amend', '-m', 'other');
    expect(await failureOf(push('HEAD'))).toMatchObject({ code: 'conflict' });
    expect(await failureOf(push('HEAD', ''))).toMatchObject({ code: 'conflict' });
    expect(remoteTip(branch)).toBe(first);
    const { commit: second } = await push('HEAD', first);
    expect(remoteTip(branch)).toBe(second);
    repository.git('commit', '--quiet', '--amend', '-m', 'third');
    expect(await failureOf(push('HEAD', first))).toMatchObject({ code: 'conflict' });
    expect(remoteTip(branch)).toBe(second);
  });

  test('touches neither protected branches nor, with a lease, those of others', async () => {
    const push = (branch: string, lease?: string) =>
      transfer.push({ folder: repository.root, remoteUrl, branch, source: 'HEAD', token: 'good', lease });
    expect(await failureOf(push('main'))).toMatchObject({ code: 'permission_denied' });
    expect(await failureOf(push('Release/1'))).toMatchObject({ code: 'permission_denied' });
    expect(await failureOf(push('feature/x', ''))).toMatchObject({ code: 'permission_denied' });
    expect(await failureOf(push('--all'))).toMatchObject({ code: 'invalid_input' });
    expect(await failureOf(push('agent/x', '-x'))).toMatchObject({ code: 'invalid_input' });
  });

  test('does not take its credentials to where the server leads', async () => {
    const moved = `${server.url}/moved/r${counter}.git`;
    const before = other.requests.length;
    const request = { folder: repository.root, remoteUrl: moved, branch: 'agent/x', source: 'HEAD', token: 'good' };
    expect(await failureOf(transfer.push(request))).toMatchObject({ code: 'not_found' });
    expect(other.requests.length).toBe(before);
  });

  test('pays no heed to what the repository configures', async () => {
    const marker = join(folder, `marker${counter}`);
    repository.git('config', `url.${other.url}/.insteadOf`, `${server.url}/`);
    repository.git('config', 'http.proxy', 'http://127.0.0.1:1');
    repository.git('config', 'credential.helper', `!touch ${marker}`);
    repository.write({ '.git/hooks/pre-push': `#!/bin/sh\ntouch ${marker}\n` });
    execFileSync('chmod', ['+x', join(repository.root, '.git/hooks/pre-push')]);
    const before = other.requests.length;
    const request = { folder: repository.root, remoteUrl, branch: 'agent/x', source: 'HEAD' };
    await transfer.push({ ...request, token: 'good' });
    expect(await failureOf(transfer.push({ ...request, token: TOKEN }))).toMatchObject({ code: 'permission_denied' });
    expect(other.requests.length).toBe(before);
    expect(readdirSync(folder)).not.toContain(`marker${counter}`);
  });

  test('takes credentials out of an address', async () => {
    const withUser = remoteUrl.replace('http://', 'http://me:good@');
    const pushed = await transfer.push({
      folder: repository.root,
      remoteUrl: withUser,
      branch: 'agent/x',
      source: 'HEAD',
    });
    expect(remoteTip('agent/x')).toBe(pushed.commit);
    const bad = remoteUrl.replace('http://', `http://me:${TOKEN}@`);
    const request = { folder: repository.root, remoteUrl: bad, branch: 'agent/y', source: 'HEAD' };
    expect(inspected(await failureOf(transfer.push(request)))).not.toContain(TOKEN);
  });

  test('shows its token in no argument and no file while it waits, and ends all that it began', async () => {
    const stop = new AbortController();
    const before = new Set(readdirSync(tmpdir()));
    const stalled = server.seen('/stall/');
    const pushing = failureOf(
      transfer.push({
        folder: repository.root,
        remoteUrl: `${server.url}/stall/x.git`,
        branch: 'agent/x',
        source: 'HEAD',
        token: TOKEN,
        signal: stop.signal,
      }),
    );
    await stalled;
    const commands = runningCommands();
    expect(commands.filter((text) => text.includes('/stall/x.git')).length).toBeGreaterThan(0);
    const basic = Buffer.from(`x-access-token:${TOKEN}`).toString('base64');
    expect(commands.filter((text) => text.includes(TOKEN) || text.includes(basic))).toEqual([]);
    const made = readdirSync(tmpdir()).filter((name) => name.startsWith('lightdom-scratch-') && !before.has(name));
    const written = made.flatMap((name) => filesBelow(join(tmpdir(), name)));
    expect(written.length).toBeGreaterThan(0);
    expect(written.filter((text) => text.includes(TOKEN) || text.includes(basic))).toEqual([]);
    expect(gitFiles(repository.root)).not.toContain(TOKEN);
    stop.abort(new Error('enough'));
    expect(await pushing).toMatchObject({ code: 'cancelled' });
    await expect.poll(() => runningCommands().filter((text) => text.includes('/stall/x.git'))).toEqual([]);
    expect(server.requests.at(-1)?.authorization).toBe(`Basic ${basic}`);
  });
});

describe('addresses', () => {
  test.each([
    { remoteUrl: 'git@github.com:o/r.git', token: TOKEN, code: 'unsupported' },
    { remoteUrl: 'ssh://git@github.com/o/r.git', token: TOKEN, code: 'unsupported' },
    { remoteUrl: 'http://example.org/o/r.git', token: TOKEN, code: 'unsupported' },
    { remoteUrl: 'ext::sh -c touch% /tmp/x', token: undefined, code: 'invalid_input' },
    { remoteUrl: '--upload-pack=touch', token: undefined, code: 'invalid_input' },
    { remoteUrl: 'git://example.org/r.git', token: undefined, code: 'invalid_input' },
    { remoteUrl: '../elsewhere', token: undefined, code: 'invalid_input' },
    { remoteUrl: 'https://127.0.0.1:1/r.git', token: undefined, code: 'upstream_failed' },
    { remoteUrl: 'https://nowhere.invalid/r.git', token: undefined, code: 'upstream_failed' },
    { remoteUrl: '/nowhere/r.git', token: undefined, code: 'not_found' },
  ])('$remoteUrl: $code', async ({ remoteUrl: address, token, code }) => {
    const request = { folder: repository.root, remoteUrl: address, branch: 'agent/x', source: 'HEAD', token };
    const failure = await failureOf(transfer.push(request));
    expect(failure).toMatchObject({ code });
    expect(inspected(failure)).not.toContain(TOKEN);
  });
});

describe('a fetch', () => {
  test('brings the commits of a branch into a ref, again and again', async () => {
    await transfer.push({ folder: repository.root, remoteUrl, branch: 'agent/x', source: 'HEAD', token: 'good' });
    const clone = createRepository({ 'b.ts': 'b\n' });
    onTestFinished(() => clone.remove());
    const fetch = () =>
      transfer.fetch({
        folder: clone.root,
        remoteUrl,
        branch: 'agent/x',
        into: 'refs/remotes/origin/agent/x',
        token: 'good',
      });
    const first = await fetch();
    expect(clone.git('show', `${first}:a.ts`)).toBe('one\n');
    repository.write({ 'a.ts': 'two\n' });
    const second = repository.commit('second');
    await transfer.push({ folder: repository.root, remoteUrl, branch: 'agent/x', source: 'HEAD', token: 'good' });
    expect(await fetch()).toBe(second);
    expect(clone.git('rev-parse', 'refs/remotes/origin/agent/x').trim()).toBe(second);
    expect(gitFiles(clone.root)).not.toContain(Buffer.from('x-access-token:good').toString('base64'));
  });

  test('tells what is not there, and writes to no branch of the checkout', async () => {
    const request = { folder: repository.root, remoteUrl, branch: 'nothing', token: 'good' };
    expect(await failureOf(transfer.fetch({ ...request, into: 'refs/remotes/origin/x' }))).toMatchObject({
      code: 'not_found',
    });
    expect(await failureOf(transfer.fetch({ ...request, into: 'refs/heads/main' }))).toMatchObject({
      code: 'invalid_input',
    });
  });

  test('works from a shallow clone, and pushes from one', async () => {
    repository.write({ 'a.ts': 'two\n' });
    repository.commit('second');
    await transfer.push({ folder: repository.root, remoteUrl, branch: 'agent/x', source: 'HEAD', token: 'good' });
    const shallow = join(folder, `shallow${counter}`);
    execFileSync('git', ['clone', '--quiet', '--depth=1', '--branch=agent/x', `file://${bare}`, shallow]);
    execFileSync('git', ['-C', shallow, 'commit', '--quiet', '--allow-empty', '-m', 'third']);
    const { commit } = await transfer.push({
      folder: shallow,
      remoteUrl,
      branch: 'agent/y',
      source: 'HEAD',
      token: 'good',
    });
    expect(remoteTip('agent/y')).toBe(commit);
    const request = { folder: shallow, remoteUrl, branch: 'agent/y', token: 'good' };
    expect(await transfer.fetch({ ...request, into: 'refs/remotes/origin/agent/y' })).toBe(commit);
  });
});

/** All that an error holds, causes and details as well. */
function inspected(failure: unknown): string {
  if (!(failure instanceof Error)) return String(failure);
  return [
    failure.message,
    failure.stack,
    JSON.stringify(failure),
    failure.cause === undefined ? '' : inspected(failure.cause),
  ].join('\n');
}

function runningCommands(): string[] {
  const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return ids.map((id) => {
    try {
      return readFileSync(`/proc/${id}/cmdline`, 'utf8').replaceAll('\0', ' ');
    } catch {
      return '';
    }
  });
}

function filesBelow(path: string): string[] {
  const entries = readdirSync(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
}
