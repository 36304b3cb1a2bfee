import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { GitWriter } from '../../src/git/git-runtime.ts';
import { PROTECTED_BRANCHES } from '../../src/git/index.ts';
import type { CommitRequest } from '../../src/git/index.ts';
import { failureOf } from '../support/failure-of.ts';
import { createRepository } from './git-repository.ts';
import type { GitRepository } from './git-repository.ts';

const writer = new GitWriter({ protectedBranches: PROTECTED_BRANCHES });
const SECRET = 'const key = "sk-abcdefghijklmnop1234";\n';

/** On a branch that may be committed to. */
function repositoryOf(files: Readonly<Record<string, string>> = { 'a.ts': 'a\n' }): GitRepository {
  const repository = createRepository(files);
  onTestFinished(() => repository.remove());
  repository.git('config', 'user.name', 'Ada');
  repository.git('config', 'user.email', 'ada@example.org');
  repository.git('switch', '--quiet', '-c', 'work');
  return repository;
}

const commitIn = ({ root }: GitRepository, request: Partial<CommitRequest> = {}) =>
  writer.commit({ folder: root, message: 'do it', ...request });

const statusOf = (repository: GitRepository): string =>
  repository.git('status', '--porcelain', '--untracked-files=all');
const filesOf = (repository: GitRepository): string[] =>
  repository
    .git('show', '--name-status', '-z', '--no-renames', '--format=', 'HEAD')

    .split('\0')
    .filter((text) => text !== '');

/** Bytes of every file of the working tree and of the repository. */
function everything(root: string): Map<string, string> {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = entries.map((entry) => join(entry.parentPath, entry.name));
  return new Map(files.map((file) => [file, readFileSync(file, 'latin1')]));
}

/** Everything is as before, byte by byte, once the work has failed. */
async function refusal(repository: GitRepository, work: () => Promise<unknown>): Promise<unknown> {
  const before = everything(repository.root);
  const failure = await failureOf(work());
  expect(everything(repository.root)).toEqual(before);
  return failure;
}

describe('a commit', () => {
  test('takes up all that git tracks, and leaves the rest', async () => {
    const repository = repositoryOf({ 'a.ts': 'a\n', 'gone.ts': 'g\n', 'kept.ts': 'k\n', '.gitignore': 'out/\n' });
    repository.write({ 'a.ts': 'changed\n', 'gone.ts': undefined, 'new.ts': 'n\n', 'other.ts': 'o\n', 'out/x': 'x\n' });
    repository.git('add', 'new.ts');
    const parent = repository.git('rev-parse', 'HEAD').trim();
    const made = await commitIn(repository, { message: '  change\r\n\r\nwhy  ' });
    const commit = repository.git('rev-parse', 'work').trim();
    expect(made).toEqual({ commit, parent, branch: 'work', subject: 'change', notes: [] });
    expect(repository.git('log', '-1', '--format=%an <%ae>%n%B')).toBe('Ada <ada@example.org>\nchange\n\nwhy\n\n');
    expect(filesOf(repository)).toEqual(['M', 'a.ts', 'D', 'gone.ts', 'A', 'new.ts']);
    expect(statusOf(repository)).toBe('?? other.ts\n');
    expect(repository.git('reflog', '-1', '--format=%gs').trim()).toBe('commit: change');
    expect(repository.git('fsck', '--strict')).toBe('');
  });

  test('of named paths has those alone; what is staged besides stays staged', async () => {
    const odd = ['with space', 'quo"te', 'new\nline', '-option', 'ünï→code', ':(top)magic', '*.star'];
    const repository = repositoryOf({ 'a.ts': 'a\n', 'b.ts': 'b\n', 'x.star': 'x\n' });
    repository.write({ 'a.ts': 'A\n', 'b.ts': 'B\n', 'x.star': 'X\n', 'dir/one.ts': '1\n', 'dir/two.ts': '2\n' });
    repository.write(Object.fromEntries(odd.map((name) => [name, 'x\n'])));
    repository.git('add', 'b.ts');
    await commitIn(repository, { paths: [...odd, 'dir/', './a.ts'] });
    const names = filesOf(repository).filter((text) => !/^[MA]$/.test(text));
    expect(names.toSorted()).toEqual([...odd, 'a.ts', 'dir/one.ts', 'dir/two.ts'].toSorted());
    expect(statusOf(repository)).toBe('M  b.ts\n M x.star\n');
  });

  test('of a folder of a repository has nothing outside of it', async () => {
    const repository = repositoryOf({ 'in/a.ts': 'a\n', 'b.ts': 'b\n' });
    repository.write({ 'in/a.ts': 'A\n', 'b.ts': 'B\n' });
    repository.git('add', 'b.ts');
    const folder = join(repository.root, 'in');
    expect(await refusal(repository, () => writer.commit({ folder, message: 'm', paths: ['../b.ts'] }))).toMatchObject({
      code: 'invalid_input',
    });
    await writer.commit({ folder, message: 'm' });
    expect(filesOf(repository)).toEqual(['M', 'in/a.ts']);
    expect(statusOf(repository)).toBe('M  b.ts\n');
  });

  test('forgets a file that was taken out of the index and is still there', async () => {
    const repository = repositoryOf({ 'a.ts': 'a\n', 'local.cfg': 'x\n' });
    repository.git('rm', '--cached', '--quiet', 'local.cfg');
    repository.write({ '.gitignore': 'local.cfg\n' });
    await commitIn(repository, { paths: ['local.cfg', '.gitignore'] });
    expect(filesOf(repository)).toEqual(['A', '.gitignore', 'D', 'local.cfg']);
    expect(existsSync(join(repository.root, 'local.cfg'))).toBe(true);
    expect(statusOf(repository)).toBe('');
  });

  test('can be the first one, on a branch made for it', async () => {
    const repository = createRepository();
    onTestFinished(() => repository.remove());
    repository.git('config', 'user.name', 'Ada');
    repository.git('config', 'user.email', 'ada@example.org');
    repository.write({ 'a.ts': 'a\n' });
    expect(await failureOf(commitIn(repository, { paths: ['.'] }))).toMatchObject({ code: 'permission_denied' });
    await writer.createBranch({ folder: repository.root, name: 'begin', checkout: true });
    const made = await commitIn(repository, { paths: ['.'] });
    expect(made.parent).toBeUndefined();
    expect(repository.git('rev-list', '--count', 'begin').trim()).toBe('1');
    expect(statusOf(repository)).toBe('');
  });

  test('works in a linked worktree, and moves a submodule', async () => {
    const repository = repositoryOf();
    const worktree = `${repository.root}-linked`;
    repository.git('worktree', 'add', '--quiet', '-b', 'linked', worktree);
    onTestFinished(() => void repository.git('worktree', 'remove', '--force', worktree));
    writeFileSync(join(worktree, 'a.ts'), 'linked\n');
    const made = await writer.commit({ folder: worktree, message: 'm' });
    expect(repository.git('rev-parse', 'linked').trim()).toBe(made.commit);
    expect(repository.git('-C', worktree, 'status', '--porcelain')).toBe('');
    const inner = createRepository({ 'i.ts': 'i\n' });
    onTestFinished(() => inner.remove());
    repository.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner.root, 'sub');
    repository.commit('sub');
    repository.git('-C', 'sub', 'commit', '--quiet', '--allow-empty', '-m', 'more');
    await commitIn(repository);
    expect(filesOf(repository)).toEqual(['M', 'sub']);
  });

  test('keeps links and modes, and goes through the filters that are configured', async () => {
    const repository = repositoryOf({ 'run.sh': 'x\n', '.gitattributes': '*.up filter=up\n' });
    repository.git('config', 'filter.up.clean', 'tr a-z A-Z');
    chmodSync(join(repository.root, 'run.sh'), 0o755);
    symlinkSync('run.sh', join(repository.root, 'link'));
    repository.write({ 'text.up': 'loud\n' });
    await commitIn(repository, { paths: ['.'] });
    expect(repository.git('ls-tree', 'HEAD', 'link', 'run.sh')).toMatch(/^120000 .*\n100755 /);
    expect(repository.git('show', 'HEAD:text.up')).toBe('LOUD\n');
    expect(statusOf(repository)).toBe('');
  });
});

describe('a refused commit leaves everything as it was', () => {
  test('for what looks like a secret, whose file and line are named', async () => {
    const repository = repositoryOf({ 'a.ts': `1\n${SECRET}3\n` });
    repository.write({ 'a.ts': `0\n1\n${SECRET}3\n`, 'old.ts': 'x\n', 'in "dir"/b.ts': `one\n++ b/no.ts\n${SECRET}` });
    repository.git('add', 'in "dir"/b.ts');
    const failure = await refusal(repository, () => commitIn(repository));
    expect(failure).toMatchObject({
      code: 'permission_denied',
      message: 'What looks like a secret would be committed: in "dir"/b.ts:3.',
    });
    // What was there before is no news.
    await commitIn(repository, { paths: ['a.ts'] });
    expect(filesOf(repository)).toEqual(['M', 'a.ts']);
    const leaking = { message: 'use token=abcdefgh12345678' };
    repository.write({ 'a.ts': 'x\n' });
    expect(await refusal(repository, () => commitIn(repository, leaking))).toMatchObject({ code: 'permission_denied' });
  });

  test('on protected branches, on a detached HEAD, and in the middle of a merge', async () => {
    const repository = repositoryOf();
    for (const branch of ['main', 'release/1.0']) {
      repository.git('switch', '--quiet', '-C', branch);
      repository.write({ 'a.ts': `${branch}\n` });
      expect(await refusal(repository, () => commitIn(repository))).toMatchObject({ code: 'permission_denied' });
      repository.commit(branch);
    }
    repository.git('checkout', '--quiet', '--detach');
    repository.write({ 'a.ts': 'detached\n' });
    expect(await refusal(repository, () => commitIn(repository))).toMatchObject({ code: 'conflict' });
    repository.git('switch', '--quiet', '--discard-changes', '-c', 'other', 'work');
    repository.write({ 'a.ts': 'other\n' });
    repository.commit('other');
    expect(() => repository.git('merge', 'release/1.0')).toThrow('Command failed');
    const request = () => commitIn(repository);
    expect(String(await refusal(repository, request))).toContain('A merge is in progress');
    const branch = () => writer.createBranch({ folder: repository.root, name: 'x', checkout: false });
    expect(await refusal(repository, branch)).toMatchObject({ code: 'conflict' });
  });

  test('with nothing to commit, a path that leads out or is ignored, and an empty message', async () => {
    const repository = repositoryOf({ 'a.ts': 'a\n', '.gitignore': 'out/\n' });
    repository.write({ 'new.ts': 'n\n', 'out/x': 'x\n' });
    for (const request of [
      {},
      { paths: ['../a.ts'] },
      { paths: ['/etc/passwd'] },
      { paths: ['out/x'] },
      { paths: ['a.ts'] },
    ]) {
      const failure = await refusal(repository, () => commitIn(repository, request));
      expect(failure).toMatchObject({ code: 'invalid_input' });
    }
    repository.write({ 'a.ts': 'x\n' });
    expect(await refusal(repository, () => commitIn(repository, { message: ' \n' }))).toMatchObject({
      code: 'invalid_input',
    });
  });

  test('while another git holds the index, when it is cancelled, and without an author', async () => {
    const repository = repositoryOf();
    repository.write({ 'a.ts': 'x\n' });
    repository.write({ '.git/index.lock': '' });
    expect(await refusal(repository, () => commitIn(repository))).toMatchObject({ code: 'conflict' });
    repository.write({ '.git/index.lock': undefined });
    const signal = AbortSignal.abort(new Error('enough'));
    expect(await refusal(repository, () => commitIn(repository, { signal }))).toMatchObject({ code: 'cancelled' });
    repository.git('config', 'user.name', '');
    repository.git('config', 'user.email', '');
    expect(await refusal(repository, () => commitIn(repository))).toMatchObject({ code: 'not_configured' });
  });

  test('when the branch moves meanwhile', async () => {
    const repository = repositoryOf();
    const other = repository.git('commit-tree', '-p', 'HEAD', '-m', 'other', 'HEAD^{tree}').trim();
    repository.write({ 'a.ts': 'x\n' });
    hookOf(repository.root, 'commit-msg', `git update-ref refs/heads/work ${other}`);
    const before = readFileSync(join(repository.root, '.git/index'));
    expect(await failureOf(commitIn(repository, { runHooks: true }))).toMatchObject({ code: 'conflict' });
    expect(repository.git('rev-parse', 'work').trim()).toBe(other);
    expect(readFileSync(join(repository.root, '.git/index')).equals(before)).toBe(true);
    expect(statusOf(repository)).toBe(' M a.ts\n');
  });
});

describe('hooks', () => {
  test('do not run unless that is asked for', async () => {
    const repository = repositoryOf();
    for (const name of ['pre-commit', 'commit-msg', 'post-commit', 'reference-transaction', 'post-checkout'])
      hookOf(repository.root, name, 'touch ran; exit 1');
    repository.write({ 'a.ts': 'x\n' });
    await commitIn(repository);
    await writer.createBranch({ folder: repository.root, name: 'next', checkout: true });
    expect(existsSync(join(repository.root, 'ran'))).toBe(false);
  });

  test('can refuse, change what is committed, and its message', async () => {
    const repository = repositoryOf();
    repository.write({ 'a.ts': 'x\n' });
    hookOf(repository.root, 'pre-commit', 'echo "lint says no" >&2; exit 1');
    const failure = await refusal(repository, () => commitIn(repository, { runHooks: true }));
    expect(failure).toMatchObject({ code: 'conflict' });
    expect(String(failure)).toContain('lint says no');
    hookOf(repository.root, 'pre-commit', 'echo formatted > a.ts && git add a.ts');
    hookOf(repository.root, 'commit-msg', 'echo "Signed: hook" >> "$1"');
    hookOf(repository.root, 'post-commit', 'exit 1');
    const made = await commitIn(repository, { runHooks: true });
    expect(made.notes.join()).toContain('post-commit');
    expect(repository.git('show', 'HEAD:a.ts')).toBe('formatted\n');
    expect(repository.git('log', '-1', '--format=%B')).toContain('Signed: hook');
    expect(statusOf(repository)).toBe('');
  });

  test('are those of the folder that is configured', async () => {
    const repository = repositoryOf();
    mkdirSync(join(repository.root, 'hooks'));
    repository.git('config', 'core.hooksPath', 'hooks');
    hookOf(repository.root, '../../hooks/pre-commit', 'echo "mine" >&2; exit 1');
    repository.write({ 'a.ts': 'x\n' });
    expect(String(await failureOf(commitIn(repository, { runHooks: true })))).toContain('mine');
  });
});

describe('a branch', () => {
  test('is made where HEAD is, with uncommitted changes carried along', async () => {
    const repository = repositoryOf();
    repository.write({ 'a.ts': 'x\n', 'new.ts': 'n\n' });
    const commit = repository.git('rev-parse', 'HEAD').trim();
    const made = await writer.createBranch({ folder: repository.root, name: 'agent/fix', checkout: true });
    expect(made).toEqual({ branch: 'agent/fix', commit, isCheckedOut: true, previous: 'work' });
    expect(repository.git('branch', '--show-current').trim()).toBe('agent/fix');
    expect(statusOf(repository)).toBe(' M a.ts\n?? new.ts\n');
  });

  test('is made elsewhere without being checked out, or when nothing would have to be carried', async () => {
    const repository = repositoryOf();
    const first = repository.git('rev-parse', 'HEAD').trim();
    repository.write({ 'a.ts': 'x\n' });
    repository.commit('second');
    const { root: folder } = repository;
    const quiet = await writer.createBranch({ folder, name: 'one', from: 'HEAD~1', checkout: false });
    expect(quiet).toEqual({ branch: 'one', commit: first, isCheckedOut: false, previous: 'work' });
    repository.write({ 'a.ts': 'dirty\n' });
    const carrying = () => writer.createBranch({ folder, name: 'two', from: 'HEAD~1', checkout: true });
    expect(await refusal(repository, carrying)).toMatchObject({ code: 'conflict' });
    repository.git('restore', 'a.ts');
    await carrying();
    expect(readFileSync(join(folder, 'a.ts'), 'utf8')).toBe('a\n');
  });

  test.each(['-d', '@{-1}', 'a b', 'a..b', 'HEAD', 'x.lock', 'new\nline', '', 'a/', '~x', 'refs/heads/x y'])(
    'is not named %j',
    async (name) => {
      const repository = repositoryOf();
      repository.git('switch', '--quiet', '-c', 'another');
      const make = () => writer.createBranch({ folder: repository.root, name, checkout: true });
      expect(await refusal(repository, make)).toMatchObject({ code: 'invalid_input' });
    },
  );

  test('is neither protected, nor there already, nor a folder of others', async () => {
    const repository = repositoryOf();
    const make = (name: string) => () => writer.createBranch({ folder: repository.root, name, checkout: true });
    for (const name of ['main', 'Main', 'release/2']) {
      expect(await refusal(repository, make(name))).toMatchObject({ code: 'permission_denied' });
    }
    for (const name of ['work', 'work/sub']) {
      expect(await refusal(repository, make(name))).toMatchObject({ code: 'conflict' });
    }
    const before = createRepository();
    onTestFinished(() => before.remove());
    expect(await failureOf(writer.createBranch({ folder: before.root, name: 'x', checkout: false }))).toMatchObject({
      code: 'not_ready',
    });
  });
});

function hookOf(root: string, name: string, script: string): void {
  const file = join(root, '.git/hooks', name);
  mkdirSync(join(root, '.git/hooks'), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}
