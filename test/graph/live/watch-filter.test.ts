import { mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WatchFilter } from '../../../src/graph/follow/watch-filter.ts';

let root = '';

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'lightdom-filter-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function isIgnored(path: string): boolean {
  const absolute = join(root, path);
  mkdirSync(dirname(absolute), { recursive: true });
  writeFileSync(absolute, '');
  return new WatchFilter(root).isIgnored(absolute, statSync(absolute));
}

test.each([
  'src/a.ts',
  'b.jsx',
  'tsconfig.json',
  'tsconfig.base.json',
  'packages/x/tsconfig.build.json',
  'package.json',
  'pnpm-lock.yaml',
  '.gitignore',
])('%s is watched', (path) => {
  expect(isIgnored(path)).toBe(false);
});

test.each(['README.md', 'src/data.json', 'node_modules/x/index.js', '.cache/a.ts', 'dist/a.js'])(
  '%s is not',
  (path) => {
    expect(isIgnored(path)).toBe(true);
  },
);

test('ignore files are obeyed, and read again when they have changed', () => {
  mkdirSync(join(root, 'gen'));
  writeFileSync(join(root, 'gen/a.ts'), '');
  writeFileSync(join(root, '.gitignore'), 'gen/\n');
  const filter = new WatchFilter(root);
  const stats = statSync(join(root, 'gen/a.ts'));
  expect(filter.isIgnored(join(root, 'gen/a.ts'), stats)).toBe(true);
  writeFileSync(join(root, '.gitignore'), '');
  filter.forget();
  expect(filter.isIgnored(join(root, 'gen/a.ts'), stats)).toBe(false);
});
