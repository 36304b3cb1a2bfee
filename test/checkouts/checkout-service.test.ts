import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { CheckoutService } from '../../src/checkouts/checkout-runtime.ts';
import type { Checkout, CheckoutResult } from '../../src/checkouts/index.ts';
import { createLog } from '../../src/core/log.ts';
import { createRunIsolated } from '../../src/core/process/index.ts';
import { createRepository } from '../git/git-repository.ts';
import type { GitRepository } from '../git/git-repository.ts';
import { failureOf } from '../support/failure-of.ts';
import { stateOf } from './folder-state.ts';

const HOLDER = fileURLToPath(new URL('../fixtures/checkouts/holder.mjs', import.meta.url));
const AUTHOR = { name: 'Agent', email: 'agent@example.org' };
const runIsolated = createRunIsolated();
const { confinement } = await runIsolated({
  file: 'true',
  args: [],
  cwd: '/',
  writable: [],
  timeoutMs: 5000,
  maxOutputBytes: 100,
  maxMemoryMb: 100,
});

function folderOf(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'lightdom-checkouts-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function repositoryOf(files: Readonly<Record<string, string>>): GitRepository {
  const repository = createRepository(files);
  onTestFinished(() => repository.remove());
  return repository;
}

function serviceOf(dataDir = folderOf()): { readonly service: CheckoutService; readonly dataDir: string } {
  const service = new CheckoutService({ dataDir, log: createLog({ level: 'silent' }), runIsolated });
  onTestFinished(() => service.close());
  return { service, dataDir };
}

/** A repository with what lies about in one: uncommitted changes, installed packages, hooks. */
function busyRepository(): GitRepository {
  const repository = repositoryOf({
    '.gitignore': 'node_modules/\n.env\n',
    'a.ts': 'export const a = 1;\n',
    'run.sh': '#!/bin/sh\necho ran\n',
    'packages/inner/package.json': '{"name":"@own/inner","main":"index.js"}',
    'packages/inner/index.js': 'module.exports = "committed";\n',
  });
  repository.write({
    'a.ts': 'dirty\n',
    'untracked.ts': 'untracked\n',
    '.env': 'SECRET=canary',
    'packages/inner/index.js': 'module.exports = "dirty";\n',
    'node_modules/dep/package.json': '{"name":"dep","main":"index.js"}',
    'node_modules/dep/index.js': 'module.exports = "dep";\n',
    'node_modules/@scope/tool/package.json': '{"name":"@scope/tool","main":"index.js"}',
    'node_modules/@scope/tool/index.js': 'module.exports = "tool of " + require("dep");\n',
    'packages/inner/node_modules/deep/index.js': 'module.exports = "deep";\n',
    '.git/hooks/post-checkout': '#!/bin/sh\ntouch "$(git rev-parse --git-common-dir)/ran"\n',
  });
  chmodSync(join(repository.root, '.git/hooks/post-checkout'), 0o755);
  mkdirSync(join(repository.root, 'node_modules/@own'));
  symlinkSync('../../packages/inner', join(repository.root, 'node_modules/@own/inner'));
  repository.git('add', 'untracked.ts');
  return repository;
}

function runScript(checkout: Checkout, script: string, cwd?: string): Promise<CheckoutResult> {
  return checkout.run({ file: process.execPath, args: ['-e', script], cwd, timeoutMs: 20_000 });
}

describe('a checkout', () => {
  test('has the files of the commit; what a person has not committed is not in it, and is not touched', async () => {
    const repository = busyRepository();
    const before = stateOf(repository.root);
    const { service, dataDir } = serviceOf();
    const checkout = await service.open({ workspace: repository.root, branch: 'agent/one' });
    expect(await checkout.findText('a.ts')).toBe('export const a = 1;\n');
    expect(await checkout.findText('untracked.ts')).toBeUndefined();
    await checkout.writeText('a.ts', 'export const a = 2;\n');
    await checkout.writeText('new/deep/b.ts', 'export {};\n');
    await checkout.deleteFile('run.sh');
    expect(await checkout.listFiles()).toEqual([
      '.gitignore',
      'a.ts',
      'new/deep/b.ts',
      'packages/inner/index.js',
      'packages/inner/package.json',
    ]);
    const result = await runScript(checkout, 'require("node:fs").writeFileSync("made.txt", "made\\n")');
    expect(result).toMatchObject({ exitCode: 0, endedBy: 'exit' });
    const { files, addedLines, removedLines, patch } = await checkout.changes();
    expect(files).toEqual([
      { path: 'a.ts', status: 'modified' },
      { path: 'made.txt', status: 'added' },
      { path: 'new/deep/b.ts', status: 'added' },
      { path: 'run.sh', status: 'deleted' },
    ]);
    expect([addedLines, removedLines]).toEqual([3, 3]);
    expect(patch).toContain('+export const a = 2;');
    const commit = await checkout.commit({ message: 'Change a\n\nBecause.', author: AUTHOR });
    expect(await failureOf(checkout.commit({ message: 'x', author: AUTHOR }))).toMatchObject({ code: 'invalid_input' });
    expect((await checkout.changes()).files).toHaveLength(4);
    await checkout.close();
    await checkout.close();
    expect(readdirSync(join(dataDir, 'agent/trees'))).toEqual([]);
    expect(await failureOf(checkout.findText('a.ts'))).toMatchObject({ code: 'not_found' });
    expect(stateOf(repository.root)).toEqual(before);
    const own = await service.repositoryOf(repository.root);
    expect(await own.formatPatch({ base: checkout.baseCommit, head: 'agent/one' })).toContain(commit);
  });

  test('goes back to what it began as', async () => {
    const { service } = serviceOf();
    const checkout = await service.open({ workspace: busyRepository().root, branch: 'agent/one' });
    await checkout.writeText('a.ts', 'other\n');
    await checkout.commit({ message: 'other', author: AUTHOR });
    await checkout.writeText('new.ts', 'new\n');
    await checkout.writeText('.env', 'ignored');
    await checkout.reset();
    expect((await checkout.changes()).files).toEqual([]);
    expect(await checkout.findText('new.ts')).toBeUndefined();
    expect(await checkout.findText('.env')).toBe('ignored');
    expect((await runScript(checkout, 'require("dep")')).exitCode).toBe(0);
  });

  test('keeps the mode of what is written, whole or not at all', async () => {
    const repository = repositoryOf({ 'run.sh': '#!/bin/sh\necho old\n' });
    repository.git('update-index', '--chmod=+x', 'run.sh');
    repository.git('commit', '--quiet', '-m', 'executable');
    const { service } = serviceOf();
    const checkout = await service.open({ workspace: repository.root, branch: 'agent/mode' });
    await checkout.writeText('run.sh', '#!/bin/sh\necho new\n');
    const { stdout } = await checkout.run({ file: join(checkout.root, 'run.sh'), args: [], timeoutMs: 5000 });
    expect(stdout).toBe('new\n');
    expect(await failureOf(checkout.deleteFile('none.ts'))).toMatchObject({ code: 'not_found' });
    await checkout.writeText('folder/a.ts', '');
    expect(await failureOf(checkout.writeText('folder', ''))).toMatchObject({ code: 'conflict' });
    expect(readdirSync(checkout.root).toSorted()).toEqual(['.git', 'folder', 'run.sh']);
  });

  test('of a folder of a repository has paths of its own; what lies outside is named with dots', async () => {
    const repository = busyRepository();
    const { service } = serviceOf();
    const checkout = await service.open({ workspace: join(repository.root, 'packages/inner'), branch: 'agent/inner' });
    expect(checkout.root).toBe(join(checkout.treeRoot, 'packages/inner'));
    expect(await checkout.listFiles()).toEqual(['index.js', 'package.json']);
    const { stdout } = await runScript(
      checkout,
      `require('node:fs').writeFileSync('../../outer.txt', ''); console.log(require('deep'))`,
    );
    expect(stdout).toBe('deep\n');
    await checkout.writeText('index.js', 'x\n');
    expect((await checkout.changes()).files).toEqual([
      { path: '../../outer.txt', status: 'added' },
      { path: 'index.js', status: 'modified' },
    ]);
    const lost = service.open({ workspace: join(repository.root, 'node_modules/dep'), branch: 'agent/lost' });
    expect(await failureOf(lost)).toMatchObject({ code: 'not_found' });
  });

  test('begins at the commit that is named, of a linked working tree too', async () => {
    const repository = repositoryOf({ 'a.txt': 'one\n' });
    repository.git('tag', 'v1');
    const linked = join(folderOf(), 'linked');
    repository.git('worktree', 'add', '--quiet', '-b', 'topic', linked);
    repository.write({ 'a.txt': 'two\n' });
    repository.commit('second');
    const states = [stateOf(repository.root), stateOf(linked)];
    const { service } = serviceOf();
    const [head, tag, topic] = await Promise.all([
      service.open({ workspace: repository.root, branch: 'agent/head' }),
      service.open({ workspace: repository.root, branch: 'agent/tag', base: 'v1' }),
      service.open({ workspace: linked, branch: 'agent/topic' }),
    ]);
    expect(await Promise.all([head, tag, topic].map((checkout) => checkout.findText('a.txt')))).toEqual([
      'two\n',
      'one\n',
      'one\n',
    ]);
    await service.close();
    expect([stateOf(repository.root), stateOf(linked)]).toEqual(states);
    const unknown = service.open({ workspace: linked, branch: 'agent/x', base: 'nothing' });
    expect(await failureOf(unknown)).toMatchObject({ code: 'invalid_input' });
  });

  test('without a branch leaves none behind, however many there are at once', async () => {
    const { service } = serviceOf();
    const { root } = repositoryOf({ a: 'a' });
    const open = [await service.open({ workspace: root }), await service.open({ workspace: root })];
    expect(open.map(({ branch }) => branch)).toEqual([undefined, undefined]);
    for (const checkout of open) await checkout.close();
    const { folder } = await service.repositoryOf(root);
    const refs = execFileSync('git', ['--git-dir', folder, 'for-each-ref', 'refs/heads'], { encoding: 'utf8' });
    expect(refs).toBe('');
  });

  test.each(['main', 'agent/../../x', '-b'])('is refused on the branch %j', async (branch) => {
    const { service, dataDir } = serviceOf();
    const failure = await failureOf(service.open({ workspace: repositoryOf({ a: 'a' }).root, branch }));
    expect(failure).toMatchObject({ code: 'invalid_input' });
    expect(readdirSync(dataDir)).toEqual([]);
  });

  test('is one of so many', async () => {
    const { service } = serviceOf();
    const { root } = repositoryOf({ a: 'a' });
    for (let count = 0; count < 16; count += 1) await service.open({ workspace: root, branch: `agent/${count}` });
    expect(await failureOf(service.open({ workspace: root, branch: 'agent/more' }))).toMatchObject({
      code: 'limit_reached',
    });
  });
});

describe('a program in a checkout', () => {
  test.runIf(confinement.mounts)(
    'finds installed packages, those of the workspace as they are in the checkout, and writes none',
    async () => {
      const repository = busyRepository();
      const { service } = serviceOf();
      const checkout = await service.open({ workspace: repository.root, branch: 'agent/modules' });
      const before = stateOf(repository.root);
      const script = `const fs = require('node:fs');
      const attempt = (path) => { try { fs.writeFileSync(path, 'x'); return 'written'; } catch (error) { return error.code; } };
      console.log(JSON.stringify([require('@scope/tool'), require('@own/inner'), attempt('node_modules/dep/index.js'),
        attempt('node_modules/x'), attempt('.git'), attempt('node_modules/.vite/cache'), attempt(${JSON.stringify(join(repository.root, 'x'))})]));`;
      const { stdout } = await runScript(checkout, script);
      const [tool, inner, ...written] = z.array(z.string()).parse(JSON.parse(stdout));
      expect([tool, inner]).toEqual(['tool of dep', 'committed']);
      // The last is of the temporary folder of its own, in which there is nothing else.
      expect(written).toEqual(['EROFS', 'EROFS', 'EROFS', 'written', 'written']);
      expect((await checkout.changes()).files).toEqual([]);
      expect(stateOf(repository.root)).toEqual(before);
    },
  );

  test.runIf(confinement.mounts)(
    'sees neither the secrets of the data folder nor the files that a person works on; git works in it',
    async () => {
      const repository = busyRepository();
      const { service, dataDir } = serviceOf();
      writeFileSync(join(dataDir, 'token'), 'canary');
      const checkout = await service.open({ workspace: repository.root, branch: 'agent/blind' });
      const paths = [
        join(dataDir, 'token'),
        join(repository.root, '.env'),
        join(repository.root, 'a.ts'),
        join(repository.root, '.git/config'),
      ];
      const script = `const { execFileSync } = require('node:child_process');
      console.log(JSON.stringify([${JSON.stringify(paths)}.filter((path) => require('node:fs').existsSync(path)),
        execFileSync('git', ['log', '--format=%s'], { encoding: 'utf8' }), execFileSync('git', ['status', '--porcelain'], { encoding: 'utf8' })]));`;
      const { stdout, stderr } = await runScript(checkout, script);
      expect(stderr).toBe('');
      expect(JSON.parse(stdout)).toEqual([[], 'first\n', '']);
    },
  );

  test('that makes a repository of the tree or in it has nothing run by us', async () => {
    const { service } = serviceOf();
    const checkout = await service.open({ workspace: repositoryOf({ 'a.txt': 'a\n' }).root, branch: 'agent/evil' });
    const ran = join(folderOf(), 'ran');
    const script = `const { execFileSync } = require('node:child_process');
      execFileSync('git', ['init', '--quiet', 'inner']);
      execFileSync('git', ['config', 'core.fsmonitor', 'touch ${ran}'], { cwd: 'inner' });
      require('node:fs').writeFileSync('inner/x', ''); require('node:fs').writeFileSync('b.txt', '');
      try { require('node:fs').rmSync('.git'); } catch {}`;
    expect((await runScript(checkout, script)).exitCode).toBe(0);
    expect((await checkout.changes()).files).toEqual([{ path: 'b.txt', status: 'added' }]);
    expect(await checkout.listFiles()).toEqual(['a.txt', 'b.txt']);
    await checkout.commit({ message: 'b', author: AUTHOR });
    await checkout.reset();
    expect(existsSync(ran)).toBe(false);
  });
});

test('paths that lead out, also by links, into git or into packages are refused', async () => {
  const outside = folderOf();
  writeFileSync(join(outside, 'secret.txt'), 'secret');
  const repository = busyRepository();
  symlinkSync(outside, join(repository.root, 'leads-out'));
  symlinkSync(join(outside, 'secret.txt'), join(repository.root, 'file-out'));
  symlinkSync('nowhere', join(repository.root, 'dangling'));
  symlinkSync('.git', join(repository.root, 'to-git'));
  symlinkSync('packages', join(repository.root, 'stays-in'));
  repository.commit('links');
  const { service } = serviceOf();
  const checkout = await service.open({ workspace: repository.root, branch: 'agent/paths' });
  const before = stateOf(outside);
  const paths = [
    '../x',
    '/etc/passwd',
    'a/../../x',
    './a.ts',
    '',
    '.git',
    '.git/config',
    '.GIT/config',
    'a/.git/x',
    'git~1',
    'leads-out/secret.txt',
    'leads-out/new.txt',
    'file-out',
    'dangling',
    'to-git',
    'node_modules/dep/index.js',
    'a\\..\\x',
    'a\0b',
    join(outside, 'x'),
  ];
  for (const path of paths) {
    expect([path, await failureOf(checkout.findText(path))]).toMatchObject([path, { code: 'permission_denied' }]);
    expect([path, await failureOf(checkout.writeText(path, 'x'))]).toMatchObject([path, { code: 'permission_denied' }]);
    expect([path, await failureOf(checkout.deleteFile(path))]).toMatchObject([path, { code: 'permission_denied' }]);
    const run = checkout.run({ file: 'true', args: [], cwd: path, timeoutMs: 5000 });
    expect([path, await failureOf(run)]).toMatchObject([path, { code: 'permission_denied' }]);
  }
  expect(stateOf(outside)).toEqual(before);
  await checkout.writeText('stays-in/inner/index.js', 'by a link\n');
  expect(await checkout.findText('packages/inner/index.js')).toBe('by a link\n');
});

test('what a killed process leaves is deleted by the next one, with the programs that it ran; a live one keeps its own', async () => {
  const repository = busyRepository();
  const before = stateOf(repository.root);
  const { service, dataDir } = serviceOf();
  const kept = await service.open({ workspace: repository.root, branch: 'agent/kept' });
  const holder = spawn(process.execPath, [HOLDER, dataDir, repository.root], { stdio: ['ignore', 'pipe', 'inherit'] });
  const tree = String(await once(holder.stdout, 'data')).trim();
  expect(readFileSync(join(tree, 'held.txt'), 'utf8')).toBe('held');
  expect(await service.collectStale()).toBe(0);
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  const isProgramLeft = (): boolean => processesWith(`'${dataDir}'`).length > 0;
  await expect.poll(isProgramLeft, { timeout: 5000 }).toBe(false);
  expect(existsSync(tree)).toBe(true);
  const next = serviceOf(dataDir).service;
  expect(await next.collectStale()).toBe(1);
  expect(await next.collectStale()).toBe(0);
  expect(existsSync(tree)).toBe(false);
  expect(await kept.findText('a.ts')).toBe('export const a = 1;\n');
  const own = await service.repositoryOf(repository.root);
  expect((await own.listWorktrees()).map(({ branch }) => branch)).toEqual(['agent/kept']);
  await kept.close();
  expect(stateOf(repository.root)).toEqual(before);
});

/** Processes whose arguments name this. */
function processesWith(text: string): string[] {
  if (!existsSync('/proc/self')) return [];
  const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return ids.filter((id) => {
    try {
      return readFileSync(`/proc/${id}/cmdline`, 'latin1').includes(text);
    } catch {
      return false;
    }
  });
}
