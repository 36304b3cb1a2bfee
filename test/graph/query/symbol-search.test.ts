import { describe, expect, test } from 'vitest';
import { splitWords, stem } from '../../../src/graph/query/identifier-words.ts';
import { createPathFilter } from '../../../src/graph/query/path-filter.ts';
import { searchSymbols } from '../../../src/graph/query/symbol-search.ts';
import { GraphColumnsBuilder } from '../../support/graph-columns.ts';
import { sampleGraph, viewOf } from '../../support/sample-graph.ts';

function searchNames(names: readonly string[], query: string): string[] {
  const graph = new GraphColumnsBuilder();
  const file = graph.file('lib/x1.ts');
  for (const name of names) graph.node(file, 'function', name);
  const view = viewOf(graph.build());
  return searchSymbols(view, { query }).rows.map((row) => view.nameOf(row));
}

describe('splitting identifiers', () => {
  test.each([
    ['parseHTTPUrl_v2', ['parse', 'http', 'url', 'v', '2']],
    ['getUserById', ['get', 'user', 'by', 'id']],
    ['SCREAMING_CASE', ['screaming', 'case']],
    ['kebab-case file.test.ts', ['kebab', 'case', 'file', 'test', 'ts']],
    ['$', []],
  ])('%s', (text, words) => {
    expect(splitWords(text)).toEqual(words);
  });

  test('forms of a word meet in one stem', () => {
    expect(new Set(['caches', 'cached', 'caching', 'cache'].map(stem)).size).toBe(1);
    expect(stem('class')).toBe('class');
    expect(stem('entries')).toBe(stem('entry'));
  });
});

describe('searching names', () => {
  test('the exact name comes first, then names with more of the query', () => {
    const names = ['userList', 'createUser', 'user', 'deleteAllUserSessionsNow', 'superuser'];
    expect(searchNames(names, 'user')[0]).toBe('user');
    expect(searchNames(names, 'create user')[0]).toBe('createUser');
    expect(searchNames(names, 'superuser')).toEqual(['superuser']);
  });

  test('finds by prefix, by substring, and whatever the case and separators', () => {
    expect(searchNames(['getUserById', 'other'], 'usr')).toEqual([]);
    expect(searchNames(['getUserById', 'other'], 'getus')).toEqual(['getUserById']);
    expect(searchNames(['getUserById', 'other'], 'serby')).toEqual(['getUserById']);
    expect(searchNames(['getUserById', 'other'], 'get-user-by-id')).toEqual(['getUserById']);
    expect(searchNames(['getUserById', 'other'], 'GETUSERBYID')).toEqual(['getUserById']);
    expect(searchNames(['a', 'ab', 'other'], 'a')).toEqual(['a', 'ab']);
  });

  test('a used symbol comes before an unused one of the same name', () => {
    const graph = new GraphColumnsBuilder();
    const file = graph.file('a.ts');
    const unused = graph.node(file, 'function', 'render');
    const used = graph.node(file, 'function', 'render');
    graph.edge(file, used, 'calls');
    expect(searchSymbols(viewOf(graph.build()), { query: 'render' }).rows).toEqual([used, unused]);
  });
});

describe('searching the sample', () => {
  const { columns, rows } = sampleGraph();
  const view = viewOf(columns);

  test('finds by qualified name, by doc and by path', () => {
    expect(searchSymbols(view, { query: 'FileStore.save' }).rows[0]).toBe(rows.fileSave);
    expect(searchSymbols(view, { query: 'shelf' }).rows).toEqual([rows.save]);
    expect(searchSymbols(view, { query: 'memory-store.ts', kind: 'file' }).rows[0]).toBe(rows.memoryFile);
  });

  test('a word of the path helps those that match by another word', () => {
    expect(searchSymbols(view, { query: 'checkout format' }).rows[0]).toBe(rows.shopFormat);
  });

  test('filters by kind and by path', () => {
    const classes = searchSymbols(view, { query: 'store', kind: 'class' }).rows;
    expect(new Set(classes)).toEqual(new Set([rows.fileStore, rows.memoryStore]));
    expect(searchSymbols(view, { query: 'format', path: 'src/store/' }).rows).toEqual([rows.fileFormat]);
    expect(searchSymbols(view, { query: 'format', path: '**/check*.ts' }).rows).toEqual([rows.shopFormat]);
  });

  test('a query without words lists all that the filters let through', () => {
    expect(searchSymbols(view, { query: '*', kind: 'file' }).rows).toEqual([
      rows.storeFile,
      rows.fileStoreFile,
      rows.memoryFile,
      rows.shopFile,
    ]);
  });

  test('gives the same order each time', () => {
    const again = viewOf(sampleGraph().columns);
    for (const query of ['store', 'save order', 'f', '*']) {
      expect(searchSymbols(again, { query }).rows).toEqual(searchSymbols(view, { query }).rows);
    }
  });
});

test('a filter is not lost in thousands of hits elsewhere', () => {
  const graph = new GraphColumnsBuilder();
  const common = graph.file('src/common.ts');
  for (let at = 0; at < 1500; at += 1) graph.node(common, 'function', `rare${at}`);
  for (let at = 0; at < 3000; at += 1) graph.node(common, 'function', `often${at}`);
  const wanted = graph.node(graph.file('src/other.ts'), 'function', 'oftenHere');
  const view = viewOf(graph.build());
  expect([...searchSymbols(view, { query: 'rare often', path: 'src/other.ts', kind: 'function' }).rows]).toEqual([
    wanted,
  ]);
  expect(searchSymbols(view, { query: 'rare often' }).total).toBe(1500);
});

describe('path filters', () => {
  test.each([
    ['src/graph', 'src/graph/a.ts', true],
    ['./src', 'src/a.ts', true],
    ['src/*.ts', 'src/a.ts', true],
    ['src/*.ts', 'src/b/a.ts', false],
    ['src/**/*.ts', 'src/a.ts', true],
    ['src/**/*.ts', 'src/b/c/a.ts', true],
    ['src/**', 'src/b/c/a.ts', true],
    ['**/a.ts', 'a.ts', true],
    ['**/a.ts', 'x/a.ts', true],
    ['**/a.ts', 'x/ba.ts', false],
    ['src/?.{ts,tsx}', 'src/a.tsx', true],
    ['src/?.{ts,tsx}', 'src/a.js', false],
    ['src/{a,b}/**/{c,d}.ts', 'src/b/x/d.ts', true],
    ['*.ts', 'a.js', false],
  ])('%s and %s: %s', (pattern, path, isMatch) => {
    expect(createPathFilter(pattern)(path)).toBe(isMatch);
  });

  test('a pattern made to be slow is not', () => {
    const filter = createPathFilter(`${'*a'.repeat(90)}b`);
    const startedMs = performance.now();
    expect(filter('a'.repeat(4000))).toBe(false);
    expect(createPathFilter('{a,b}'.repeat(40))('aab')).toBe(false);
    expect(performance.now() - startedMs).toBeLessThan(2000);
  });
});
