import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { GitStateReader } from '../../src/git/git-runtime.ts';
import type { RepositoryState } from '../../src/git/index.ts';
import { failureOf } from '../support/failure-of.ts';
import { createRepository } from './git-repository.ts';
import type { GitRepository } from './git-repository.ts';

const reader = new GitStateReader();

function repositoryOf(files: Readonly<Record<string, string>> = {}): GitRepository {
  const repository = createRepository(files);
  onTestFinished(() => repository.remove());
  return repository;
}

function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'lightdom-state-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const stateOf = (folder: string, maxFiles = 100): Promise<RepositoryState> => reader.read({ folder, maxFiles });

describe('files', () => {
  test('are told by where they differ, whatever their names are', async () => {
    const repository = repositoryOf({ 'a.ts': 'a\n', 'gone.ts': 'g\n', 'old.ts': '1\n2\n3\n4\n', 'both.ts': 'b\n' });
    const odd = ['with space', 'quo"te', 'new\nline', '-option', 'ünï→code', "apo'strophe", ' leading'];
    repository.write(Object.fromEntries(odd.map((name) => [name, 'x\n'])));
    repository.git('mv', 'old.ts', 'moved to.ts');
    repository.write({ 'both.ts': 'staged\n' });
    repository.git('add', 'both.ts');
    repository.write({ 'a.ts': 'changed\n', 'gone.ts': undefined, 'both.ts': 'and more\n', 'dir/sub/x.ts': 'x\n' });
    const state = await stateOf(repository.root);
    expect(state.staged.files).toEqual([
      { path: 'both.ts', status: 'modified' },
      { path: 'moved to.ts', status: 'renamed', from: 'old.ts' },
    ]);
    expect(state.unstaged.files).toEqual([
      { path: 'a.ts', status: 'modified' },
      { path: 'both.ts', status: 'modified' },
      { path: 'gone.ts', status: 'deleted' },
    ]);
    expect(state.untracked.files.map(({ path }) => path).toSorted()).toEqual([...odd, 'dir/'].toSorted());
    expect(state.conflicted).toEqual({ total: 0, files: [] });
    expect(state).toMatchObject({ branch: 'main', isShallow: false, isWorktree: false, remotes: [], outside: 0 });
  });

  test('are named up to a bound, and all counted', async () => {
    const repository = repositoryOf({ 'a.ts': 'a\n' });
    repository.write(Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`f${at}.ts`, 'x\n'])));
    const { untracked } = await stateOf(repository.root, 5);
    expect(untracked).toMatchObject({ total: 30 });
    expect(untracked.files).toHaveLength(5);
  });

  test('outside of the folder are only counted', async () => {
    const repository = repositoryOf({ 'in/a.ts': 'a\n', 'b.ts': 'b\n' });
    repository.write({ 'in/a.ts': 'x\n', 'b.ts': 'x\n', 'c.ts': 'x\n', 'in/new.ts': 'x\n' });
    const state = await stateOf(join(repository.root, 'in'));
    expect(state.unstaged.files).toEqual([{ path: 'a.ts', status: 'modified' }]);
    expect(state.untracked.files).toEqual([{ path: 'new.ts', status: 'untracked' }]);
    expect(state).toMatchObject({ outside: 2, root: repository.root, prefix: 'in/' });
  });

  test('of a folder that has none of git are that folder', async () => {
    const repository = repositoryOf({ 'a.ts': 'a\n' });
    repository.write({ 'new/deep/x.ts': 'x\n' });
    const { untracked } = await stateOf(join(repository.root, 'new/deep'));
    expect(untracked).toEqual({ total: 1, files: [{ path: './', status: 'untracked' }] });
  });
});

describe('where HEAD is', () => {
  test('before the first commit', async () => {
    const state = await stateOf(repositoryOf().root);
    expect(state).toMatchObject({ branch: 'main' });
    expect(state.commit).toBeUndefined();
  });

  test('detached', async () => {
    const repository = repositoryOf({ 'a.ts': 'a\n' });
    repository.git('checkout', '--quiet', '--detach');
    const state = await stateOf(repository.root);
    expect(state.branch).toBeUndefined();
    expect(state.commit).toBe(repository.git('rev-parse', 'HEAD').trim());
  });

  test('in a linked worktree, and in a submodule', async () => {
    const repository = repositoryOf({ 'a.ts': 'a\n' });
    const worktree = join(temporaryFolder(), 'linked');
    repository.git('worktree', 'add', '--quiet', '-b', 'linked', worktree);
    expect(await stateOf(worktree)).toMatchObject({ branch: 'linked', isWorktree: true, root: worktree });
    const inner = repositoryOf({ 'i.ts': 'i\n' });
    repository.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner.root, 'sub');
    repository.commit('sub');
    repository.write({ 'sub/i.ts': 'changed\n' });
    expect(await stateOf(repository.root)).toMatchObject({ unstaged: { total: 0 } });
    expect(await stateOf(join(repository.root, 'sub'))).toMatchObject({
      root: join(repository.root, 'sub'),
      isWorktree: false,
      unstaged: { files: [{ path: 'i.ts', status: 'modified' }] },
    });
  });
});

describe('operations that were begun', () => {
  test.each([
    { operation: 'merge', begin: ['merge', 'other'] },
    { operation: 'rebase', begin: ['rebase', 'other'] },
    { operation: 'cherry-pick', begin: ['cherry-pick', 'other'] },
    { operation: 'revert', begin: ['revert', '--no-edit', 'HEAD~1'] },
  ])('a $operation', async ({ operation, begin }) => {
    const repository = repositoryOf({ 'a.ts': 'a\n' });
    repository.git('switch', '--quiet', '-c', 'other');
    repository.write({ 'a.ts': 'other\n' });
    repository.commit('other');
    repository.git('switch', '--quiet', 'main');
    repository.write({ 'a.ts': 'one\n' });
    repository.commit('one');
    repository.write({ 'a.ts': 'two\n' });
    repository.commit('two');
    expect(() => repository.git(...begin)).toThrow('Command failed');
    expect(await stateOf(repository.root)).toMatchObject({
      operation,
      conflicted: { total: 1, files: [{ path: 'a.ts', status: 'unmerged' }] },
      unstaged: { total: 0 },
    });
  });

  test('a bisect', async () => {
    const repository = repositoryOf({ 'a.ts': 'a\n' });
    repository.git('bisect', 'start');
    expect(await stateOf(repository.root)).toMatchObject({ operation: 'bisect' });
  });
});

describe('remotes', () => {
  test('are told without credentials, with upstream and default branch', async () => {
    const origin = repositoryOf({ 'a.ts': 'a\n' });
    const clone = join(temporaryFolder(), 'clone');
    execFileSync('git', ['clone', '--quiet', '--depth=1', `file://${origin.root}`, clone]);
    const git = (...args: string[]) => execFileSync('git', ['-C', clone, ...args]);
    git('commit', '--quiet', '--allow-empty', '-m', 'more');
    git('remote', 'add', 'up.stream', 'https://me:s3cret-canary@example.org/o/r.git');
    git('remote', 'add', 'token', 'https://canary-token@example.org/o/r.git');
    git('remote', 'add', 'ssh', 'git@example.org:o/r.git');
    const state = await stateOf(clone);
    expect(state).toMatchObject({ upstream: 'origin/main', ahead: 1, behind: 0, isShallow: true });
    expect(state.remotes).toEqual([
      { name: 'origin', url: `file://${origin.root}`, defaultBranch: 'main' },
      { name: 'up.stream', url: 'https://example.org/o/r.git' },
      { name: 'token', url: 'https://example.org/o/r.git' },
      { name: 'ssh', url: 'git@example.org:o/r.git' },
    ]);
    git('update-ref', '-d', 'refs/remotes/origin/main');
    const gone = await stateOf(clone);
    expect(gone.upstream).toBe('origin/main');
    expect(gone.ahead).toBeUndefined();
  });
});

test('reading writes nothing, not even the index', async () => {
  const repository = repositoryOf({ 'a.ts': 'a\n' });
  // As long as before, and another time: git would note that it has looked.
  repository.write({ 'a.ts': 'a\n' });
  const index = join(repository.root, '.git/index');
  const before = readFileSync(index);
  await stateOf(repository.root);
  expect(readFileSync(index).equals(before)).toBe(true);
});

test('where there is no repository, it is said', async () => {
  expect(await failureOf(stateOf(temporaryFolder()))).toMatchObject({ code: 'unsupported' });
});
