import { describe, expect, test } from 'vitest';
import { basenameViolations, doorContentViolations, homeViolations, lengthViolations } from './home-rules.ts';
import { MAX_ROOT_ENTRIES, ROOT_ENTRIES, rootViolations } from './root-entries.ts';
import { readSourceFacts } from './source-facts.ts';

describe('homes', () => {
  test.each([
    ['src/runs/a.ts', `const x = process.env['X'];`, 'process.env'],
    ['src/graph/a.ts', `import { spawn } from 'node:child_process';`, 'child processes'],
    ['src/graph/a.ts', `import { execa } from 'execa';`, 'child processes'],
    ['src/graph/graph-store.ts', `import { Pool } from 'pg';`, 'the Postgres driver'],
    ['src/graph/graph-service.ts', `db.query(row, 'select id from node where id = $1')`, 'SQL'],
    ['src/graph/graph-service.ts', 'db.query(row, `\n  SELECT id\n  FROM ${table}`)', 'SQL'],
    ['src/graph/graph-service.ts', `const sql = 'insert into node values ($1)'`, 'SQL'],
    ['src/graph/graph-service.ts', `const sql = 'with recursive t as (select 1) select * from t'`, 'SQL'],
    ['src/graph/graph-service.ts', `const sql = 'copy node from stdin'`, 'SQL'],
    ['src/graph/graph-service.ts', `const sql = 'update node set name = $1'`, 'SQL'],
    ['src/app.ts', `db.query(row, 'select current_setting($1) as version')`, 'SQL'],
    ['src/runs/run-service.ts', `import { DBOS } from '@dbos-inc/dbos-sdk';`, 'DBOS'],
    ['src/graph/graph-service.ts', `import { Project } from 'ts-morph';`, 'ts-morph'],
    ['src/app.ts', `console.error('x')`, 'console output'],
    ['tools/graph/a.ts', `console.log('x')`, 'console output'],
  ])('%s may not hold %s', (path, text, expected) => {
    expect(homeViolations([readSourceFacts(path, text)]).join()).toContain(expected);
  });

  test.each([
    ['src/core/environment.ts', `const x = process.env['X'];`],
    ['src/core/process/a.ts', `import { spawn } from 'node:child_process';`],
    ['src/core/db/a.ts', `import { Pool } from 'pg'; const sql = 'select a from b';`],
    ['src/graph/graph-store.ts', `const sql = 'select a from b';`],
    ['src/runs/engine/a.ts', `import { DBOS } from '@dbos-inc/dbos-sdk';`],
    ['src/graph/engine/a.ts', `import { ts } from 'ts-morph';`],
    ['src/graph/a.ts', `const hint = 'Select a symbol from the list.'; // select a from b`],
    ['src/graph/a.ts', `const hint = 'Delete from the list what you do not need.';`],
    ['src/graph/a.ts', `import { x } from 'pgvector-words';`],
  ])('%s may hold %s', (path, text) => {
    expect(homeViolations([readSourceFacts(path, text)])).toEqual([]);
  });
});

describe('shape of files', () => {
  test('301 lines are too many for a source, 501 for a test, blank lines are free', () => {
    const lines = (count: number): string => 'x();\n\n'.repeat(count);
    expect(lengthViolations([readSourceFacts('src/a.ts', lines(300))])).toEqual([]);
    expect(lengthViolations([readSourceFacts('src/a.ts', lines(301))])).toEqual([
      'src/a.ts: 301 lines, at most 300; split it by idea',
    ]);
    expect(lengthViolations([readSourceFacts('test/a.test.ts', lines(500))])).toEqual([]);
    expect(lengthViolations([readSourceFacts('test/a.test.ts', lines(501))])).toHaveLength(1);
  });

  test('two files of one name are named together; doors, toolsets and mirrored tests are not', () => {
    const paths = [
      'src/a/x.ts',
      'src/b/x.ts',
      'scripts/x.js',
      'src/a/index.ts',
      'src/b/index.ts',
      'tools/a/toolset.ts',
      'tools/b/toolset.ts',
    ];
    expect(basenameViolations([...paths, 'test/a/x.test.ts'])).toEqual(['x.ts: src/a/x.ts, src/b/x.ts']);
  });

  test('a door with logic, with a star or without a comment is named', () => {
    const door = (text: string): string[] => doorContentViolations([readSourceFacts('src/a/index.ts', text)]);
    expect(door(`/** Owns a. */\nexport { a } from './a.ts';\nexport type { B } from './b.ts';`)).toEqual([]);
    expect(door(`export { a } from './a.ts';`).join()).toContain('begin with a comment');
    expect(door(`/** Owns a. */\nexport * from './a.ts';`).join()).toContain("export * from './a.ts';");
    expect(door(`/** Owns a. */\nexport const b = 1;`).join()).toContain('export const b = 1;');
  });
});

describe('the root', () => {
  test('a stranger is named, what tools make is not', () => {
    expect(rootViolations(['package.json', 'dist', 'node_modules', 'notes.txt']).join()).toContain('notes.txt: not in');
    expect(rootViolations(['package.json', 'dist', 'node_modules', 'debug.log'])).toEqual([]);
  });

  test('more entries than allowed are counted, even when each has its reason', () => {
    const all = Object.keys(ROOT_ENTRIES);
    expect(rootViolations(all.slice(0, MAX_ROOT_ENTRIES))).toEqual([]);
    expect(rootViolations([...all, ...all].slice(0, MAX_ROOT_ENTRIES + 1)).join()).toContain(
      `at most ${MAX_ROOT_ENTRIES}`,
    );
  });
});
