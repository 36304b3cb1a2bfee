import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { GitReader } from '../../src/git/index.ts';
import type { GitDiffRequest } from '../../src/git/index.ts';
import { failureOf } from '../support/failure-of.ts';
import { createRepository } from './git-repository.ts';
import type { GitRepository } from './git-repository.ts';

const reader = new GitReader();

function repositoryOf(files: Readonly<Record<string, string>>): GitRepository {
  const repository = createRepository(files);
  onTestFinished(() => repository.remove());
  return repository;
}

const diffOf = (folder: string, sides: Partial<GitDiffRequest> = {}) =>
  reader.diff({ folder, linesOf: ['*.ts'], ...sides });

describe('the working tree against the last commit', () => {
  test('tells changed lines of both sides, deleted, moved and untracked files', async () => {
    const repository = repositoryOf({
      '.gitignore': 'ignored.ts\n',
      'a.ts': 'one\ntwo\nthree\nfour\n',
      'gone.ts': 'gone\n',
      'old/name.ts': 'a\nb\nc\nd\ne\nf\n',
      'text.md': 'one\n',
    });
    repository.git('mv', 'old/name.ts', 'new name.ts');
    repository.write({
      'a.ts': 'one\nTWO\nthree\n',
      'gone.ts': undefined,
      'new name.ts': 'a\nb\nc\nd\ne\nf\ng\n',
      'text.md': 'two\n',
      'fresh.ts': 'x\n',
      'ignored.ts': 'x\n',
    });
    const { files, head } = await diffOf(repository.root);
    expect(head).toBeUndefined();
    expect(files).toEqual([
      {
        path: 'a.ts',
        status: 'modified',
        lines: [
          { oldStart: 2, oldCount: 1, newStart: 2, newCount: 1 },
          { oldStart: 4, oldCount: 1, newStart: 3, newCount: 0 },
        ],
      },
      { path: 'gone.ts', status: 'deleted', lines: [{ oldStart: 1, oldCount: 1, newStart: 0, newCount: 0 }] },
      {
        path: 'new name.ts',
        status: 'renamed',
        from: 'old/name.ts',
        lines: [{ oldStart: 6, oldCount: 0, newStart: 7, newCount: 1 }],
      },
      { path: 'text.md', status: 'modified', lines: [] },
      { path: 'fresh.ts', status: 'untracked', lines: [] },
    ]);
  });

  test('is not misled by lines that look like headers, by odd names or by the settings of a person', async () => {
    const odd = 'tab\tquote" ü\n.ts';
    const repository = repositoryOf({ 'a.ts': '-- a/x\nkeep\n', [odd]: 'one\n' });
    repository.git('config', 'diff.noprefix', 'true');
    repository.git('config', 'diff.external', 'false');
    repository.git('config', 'color.ui', 'always');
    repository.write({ 'a.ts': '++ b/y\nkeep\n@@ -1 +1 @@\n', [odd]: 'two\n' });
    const { files } = await diffOf(repository.root);
    expect(files.map(({ path, lines }) => [path, lines.length])).toEqual([
      ['a.ts', 2],
      [odd, 1],
    ]);
  });

  test('a folder of a repository is told by its own paths, and nothing outside of it', async () => {
    const repository = repositoryOf({ 'part/a.ts': 'one\n', 'b.ts': 'one\n' });
    repository.write({ 'part/a.ts': 'two\n', 'b.ts': 'two\n', 'part/new.ts': 'x\n', 'other.ts': 'x\n' });
    const { files, base } = await diffOf(join(repository.root, 'part'));
    expect(files.map(({ path }) => path)).toEqual(['a.ts', 'new.ts']);
    const place = { folder: join(repository.root, 'part'), commit: base, path: 'a.ts' };
    expect(await reader.findText(place, { maxBytes: 100 })).toBe('one\n');
    expect(await reader.findText({ ...place, path: 'none.ts' }, { maxBytes: 100 })).toBeUndefined();
    expect(await reader.findText(place, { maxBytes: 2 })).toBeUndefined();
  });

  test('before the first commit everything is new', async () => {
    const repository = repositoryOf({});
    repository.write({ 'a.ts': 'one\n', 'b.ts': 'one\n' });
    repository.git('add', 'a.ts');
    const { files, base } = await diffOf(repository.root);
    expect(base).toBe('');
    expect(files.map(({ path, status }) => [path, status])).toEqual([
      ['a.ts', 'added'],
      ['b.ts', 'untracked'],
    ]);
  });

  test('a conflict of a merge is told once', async () => {
    const repository = repositoryOf({ 'a.ts': 'one\n' });
    repository.git('checkout', '--quiet', '-b', 'other');
    repository.write({ 'a.ts': 'two\n' });
    repository.commit('other');
    repository.git('checkout', '--quiet', 'main');
    repository.write({ 'a.ts': 'three\n' });
    repository.commit('main');
    expect(() => repository.git('merge', 'other')).toThrow('merge other');
    const { files } = await diffOf(repository.root);
    expect(files.map(({ path }) => path)).toEqual(['a.ts']);
  });
});

describe('revisions', () => {
  test('a branch is compared with where it left the other', async () => {
    const repository = repositoryOf({ 'a.ts': 'one\n', 'b.ts': 'one\n' });
    const left = repository.git('rev-parse', 'HEAD').trim();
    repository.git('checkout', '--quiet', '-b', 'topic');
    repository.write({ 'a.ts': 'two\n' });
    const tip = repository.commit('topic');
    repository.git('checkout', '--quiet', 'main');
    repository.write({ 'b.ts': 'two\n' });
    repository.commit('main');
    const range = await diffOf(repository.root, { from: 'main', to: 'topic' });
    expect(range).toMatchObject({ base: left, head: tip, files: [{ path: 'a.ts' }] });
    const one = await diffOf(repository.root, { to: 'topic' });
    expect(one.files).toEqual(range.files);
    repository.git('checkout', '--quiet', 'topic');
    repository.write({ 'c.ts': 'x\n' });
    const { files } = await diffOf(repository.root, { from: 'main' });
    expect(files.map(({ path }) => path)).toEqual(['a.ts', 'c.ts']);
  });

  test.each(['nothing', '-x', '--output=stolen', 'HEAD\nHEAD', 'HEAD:a.ts', ''])('%j is none', async (from) => {
    const repository = repositoryOf({ 'a.ts': 'one\n' });
    const failure = await failureOf(diffOf(repository.root, { from }));
    expect(failure).toMatchObject({ code: 'invalid_input' });
    expect(repository.git('status', '--porcelain')).toBe('');
  });
});

test('a folder without repository is told as such', async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'lightdom-no-git-')));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  expect(await failureOf(diffOf(folder))).toMatchObject({ code: 'unsupported' });
});
