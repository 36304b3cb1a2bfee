import { createHash } from 'node:crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import { summarizeDiff } from '../../src/git/git-runtime.ts';
import type { DiffSummaryRequest } from '../../src/git/index.ts';
import { failureOf } from '../support/failure-of.ts';
import { createRepository } from './git-repository.ts';
import type { GitRepository } from './git-repository.ts';

function repositoryOf(files: Readonly<Record<string, string>> = {}): GitRepository {
  const repository = createRepository(files);
  onTestFinished(() => repository.remove());
  return repository;
}

const summaryOf = (folder: string, request: Partial<DiffSummaryRequest> = {}) =>
  summarizeDiff({ folder, maxFiles: 100, maxPatchCharacters: 0, ...request });

describe('counts', () => {
  test('files, lines, renames, binary and untracked ones, whatever their names are', async () => {
    const repository = repositoryOf({
      'a.ts': 'one\ntwo\n',
      'old name.ts': '1\n2\n3\n4\n5\n',
      'bin\nary': 'a\0b',
      'tab\tbed': 'x\n',
    });
    repository.git('mv', 'old name.ts', 'new "name".ts');
    repository.write({
      'a.ts': 'one\nTWO\nthree\n',
      'new "name".ts': '1\n2\n3\n4\n5\n6\n',
      'bin\nary': 'a\0c',
      'tab\tbed': undefined,
      'fresh.ts': 'x\n',
    });
    const summary = await summaryOf(repository.root);
    expect(summary).toMatchObject({ head: 'working tree', total: 5, addedLines: 3, removedLines: 2 });
    expect(summary.files).toEqual([
      { path: 'a.ts', status: 'modified', added: 2, removed: 1, isBinary: false },
      { path: 'bin\nary', status: 'modified', added: 0, removed: 0, isBinary: true },
      { path: 'new "name".ts', status: 'renamed', from: 'old name.ts', added: 1, removed: 0, isBinary: false },
      { path: 'tab\tbed', status: 'deleted', added: 0, removed: 1, isBinary: false },
      { path: 'fresh.ts', status: 'untracked', added: 0, removed: 0, isBinary: false },
    ]);
    expect(summary.patch).toBeUndefined();
  });

  test('the index, revisions and single paths by the letter', async () => {
    const repository = repositoryOf({ 'a.ts': 'a\n', '*.ts': 's\n' });
    const first = repository.git('rev-parse', 'HEAD').trim();
    repository.write({ 'a.ts': 'b\n', '*.ts': 't\n' });
    repository.git('add', 'a.ts');
    expect(await summaryOf(repository.root, { isStaged: true })).toMatchObject({
      head: 'index',
      files: [{ path: 'a.ts' }],
    });
    const starred = await summaryOf(repository.root, { paths: ['*.ts'] });
    expect(starred.files.map(({ path }) => path)).toEqual(['*.ts']);
    const second = repository.commit('second');
    expect(await summaryOf(repository.root, { from: first, to: 'HEAD' })).toMatchObject({
      base: first,
      head: second,
      total: 2,
    });
    expect(await failureOf(summaryOf(repository.root, { isStaged: true, to: 'HEAD' }))).toMatchObject({
      code: 'invalid_input',
    });
    expect(await failureOf(summaryOf(repository.root, { from: '--output=x' }))).toMatchObject({
      code: 'invalid_input',
    });
  });

  test('what the first commit brings', async () => {
    const repository = repositoryOf();
    repository.write({ 'a.ts': 'a\n' });
    repository.git('add', 'a.ts');
    expect(await summaryOf(repository.root)).toMatchObject({ base: '', total: 1, addedLines: 1 });
  });
});

describe('the patch', () => {
  test('has no secrets', async () => {
    const repository = repositoryOf({ 'a.ts': 'a\n' });
    repository.write({ 'a.ts': 'const key = "sk-abcdefghijklmnop1234";\n' });
    const { patch } = await summaryOf(repository.root, { maxPatchCharacters: 10_000 });
    expect(patch?.text).toContain('+const key = "[Redacted]";');
    expect(patch).toMatchObject({ omitted: [], omittedTotal: 0 });
  });

  test('of a huge change is bounded: small files stay, and what is left out is named', async () => {
    const line = (at: number): string => `${createHash('sha256').update(String(at)).digest('hex')}\n`;
    const huge = Array.from({ length: 100_000 }, (_, at) => line(at)).join('');
    const repository = repositoryOf({ 'a.ts': 'a\n', 'huge.txt': '', 'z.ts': 'z\n' });
    repository.write({ 'a.ts': 'A\n', 'huge.txt': huge, 'z.ts': 'Z\n' });
    const { patch, ...summary } = await summaryOf(repository.root, { maxPatchCharacters: 5000 });
    expect(summary).toMatchObject({ total: 3, addedLines: 100_002 });
    expect(patch?.text.length).toBeLessThanOrEqual(5000);
    expect(patch?.text).toContain('+A');
    expect(patch?.text).toContain('+Z');
    expect(patch).toMatchObject({ omitted: ['huge.txt'], omittedTotal: 1 });
  });
});
