import { describe, expect, onTestFinished, test } from 'vitest';
import { GitReader } from '../../src/git/index.ts';
import { failureOf } from '../support/failure-of.ts';
import { createRepository } from './git-repository.ts';
import type { GitRepository } from './git-repository.ts';

function repositoryOf(files: Readonly<Record<string, string>> = {}): GitRepository {
  const repository = createRepository(files);
  onTestFinished(() => repository.remove());
  return repository;
}

const TEXT = 'one\ntwo\nthree\nfour\nfive\n';

describe('the history of a folder', () => {
  test('has the paths of each commit by their present names, newest first', async () => {
    const repository = repositoryOf({ 'a.ts': TEXT, 'b "ü".ts': 'b\n' });
    repository.write({ 'a.ts': `${TEXT}six\n`, 'c.ts': 'c\n' });
    repository.commit('change');
    repository.git('mv', 'a.ts', 'moved.ts');
    repository.commit('move');
    repository.write({ 'a.ts': 'another\n' });
    repository.commit('a new file of the old name');
    repository.git('mv', 'moved.ts', 'last.ts');
    repository.write({ 'c.ts': undefined });
    repository.commit('move again');
    const { commits, isCut } = await new GitReader().history({ folder: repository.root, months: 12 });
    expect(commits.map(({ paths }) => paths.toSorted())).toEqual([
      ['c.ts', 'last.ts'],
      ['a.ts'],
      ['last.ts'],
      ['c.ts', 'last.ts'],
      ['b "ü".ts', 'last.ts'],
    ]);
    expect(isCut).toBe(false);
  });

  test('leaves out what lies outside of the folder', async () => {
    const repository = repositoryOf({ 'inner/a.ts': 'a', 'outer.ts': 'o' });
    repository.write({ 'outer.ts': 'p' });
    repository.commit('outer');
    const { commits } = await new GitReader().history({ folder: `${repository.root}/inner`, months: 12 });
    expect(commits).toEqual([{ paths: ['a.ts'] }]);
  });

  test('is refused outside of a repository and not there before the first commit', async () => {
    const { root } = repositoryOf();
    expect(await failureOf(new GitReader().history({ folder: root, months: 12 }))).toMatchObject({ code: 'not_ready' });
    expect(await failureOf(new GitReader().history({ folder: '/', months: 12 }))).toMatchObject({
      code: 'unsupported',
    });
  });
});
