import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { forecastMerge } from '../../src/git/merge-forecast.ts';
import { failureOf } from '../support/failure-of.ts';
import { createRepository } from './git-repository.ts';
import type { GitRepository } from './git-repository.ts';

function parted(): GitRepository {
  const repository = createRepository({ 'a.ts': 'a\n', 'odd\n"name"': 'g\n', 'c.ts': '1\n2\n3\n4\n5\n6\n7\n8\n' });
  onTestFinished(() => repository.remove());
  repository.git('switch', '--quiet', '-c', 'theirs');
  repository.write({ 'a.ts': 'theirs\n', 'odd\n"name"': undefined, 'c.ts': '1\n2\n3\n4\n5\n6\n7\neight\n' });
  repository.commit('theirs');
  repository.git('switch', '--quiet', 'main');
  return repository;
}

function everything(root: string): Map<string, string> {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = entries.map((entry) => join(entry.parentPath, entry.name));
  return new Map(files.map((file) => [file, readFileSync(file, 'latin1')]));
}

test('conflicts are foretold by path and kind, and nothing is written', async () => {
  const repository = parted();
  repository.write({ 'a.ts': 'ours\n', 'odd\n"name"': 'changed\n', 'c.ts': 'one\n2\n3\n4\n5\n6\n7\n8\n' });
  repository.commit('ours');
  const before = everything(repository.root);
  const forecast = await forecastMerge({ folder: repository.root, ours: 'main', theirs: 'theirs' });
  expect(forecast.isClean).toBe(false);
  expect(forecast.conflicts).toEqual([
    { path: 'a.ts', kind: 'contents' },
    { path: 'odd\n"name"', kind: 'modify/delete' },
  ]);
  expect(everything(repository.root)).toEqual(before);
});

test('a clean merge is foretold, and nothing is written', async () => {
  const repository = parted();
  repository.write({ 'c.ts': 'one\n2\n3\n4\n5\n6\n7\n8\n' });
  repository.commit('ours');
  const before = everything(repository.root);
  const forecast = await forecastMerge({ folder: repository.root, ours: 'HEAD', theirs: 'theirs' });
  expect(forecast).toMatchObject({ isClean: true, conflicts: [] });
  expect(forecast.tree).toMatch(/^[0-9a-f]{40}$/);
  expect(everything(repository.root)).toEqual(before);
});

test('unknown revisions, and such that share no commit, are refused', async () => {
  const repository = parted();
  const folder = repository.root;
  expect(await failureOf(forecastMerge({ folder, ours: 'HEAD', theirs: 'nothing' }))).toMatchObject({
    code: 'invalid_input',
  });
  repository.git('switch', '--quiet', '--orphan', 'lonely');
  repository.commit('lonely');
  expect(await failureOf(forecastMerge({ folder, ours: 'main', theirs: 'lonely' }))).toMatchObject({
    code: 'conflict',
  });
});
