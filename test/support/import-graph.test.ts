import { describe, expect, test } from 'vitest';
import { parseEdgeTable } from './edge-table.ts';
import { findCycles } from './import-graph.ts';
import { readSourceFacts } from './source-facts.ts';

describe('imports of a file', () => {
  test('every way to depend on another file counts, with its line and whether it is erased', () => {
    const text = [
      `import { a } from './a.ts';`,
      `import type { B } from './b.ts';`,
      `export { c } from './c.ts';`,
      `export type { D } from './d.ts';`,
      `export * from './e.ts';`,
      `const f = await import('./f.ts');`,
      `type G = import('./g.ts').G;`,
      `import './h.ts';`,
      `const i = entryPath(import.meta.url, './i-worker.ts');`,
      `// import { no } from './comment.ts';`,
      `const text = "import { no } from './string.ts'";`,
    ].join('\n');
    expect(readSourceFacts('x.ts', text).imports).toEqual([
      { specifier: './a.ts', isTypeOnly: false, line: 1 },
      { specifier: './b.ts', isTypeOnly: true, line: 2 },
      { specifier: './c.ts', isTypeOnly: false, line: 3 },
      { specifier: './d.ts', isTypeOnly: true, line: 4 },
      { specifier: './e.ts', isTypeOnly: false, line: 5 },
      { specifier: './f.ts', isTypeOnly: false, line: 6 },
      { specifier: './g.ts', isTypeOnly: true, line: 7 },
      { specifier: './h.ts', isTypeOnly: false, line: 8 },
      { specifier: './i-worker.ts', isTypeOnly: false, line: 9 },
    ]);
  });
});

describe('cycles', () => {
  test('a circle is found wherever it hangs, and a diamond is none', () => {
    const edge = (from: string, to: string): { from: string; to: string } => ({ from, to });
    expect(findCycles([edge('a', 'b'), edge('b', 'c'), edge('c', 'd'), edge('d', 'b')])).toEqual([
      ['b', 'c', 'd', 'b'],
    ]);
    expect(findCycles([edge('a', 'a')])).toEqual([['a', 'a']]);
    expect(findCycles([edge('a', 'b'), edge('a', 'c'), edge('b', 'd'), edge('c', 'd')])).toEqual([]);
  });
});

describe('the table of edges', () => {
  test('rows are read up to the next section, quoted names too', () => {
    const text = [
      '# Title',
      '## Edges between subsystems',
      'Some words.',
      '',
      '| from | to | why |',
      '|---|---|---|',
      '| `orchestrator` | `graph` | status |',
      '| graph | runs | indexing is a run |',
      '## Next',
      '| not | read | here |',
    ].join('\n');
    expect(parseEdgeTable(text)).toEqual([
      { from: 'orchestrator', to: 'graph', why: 'status' },
      { from: 'graph', to: 'runs', why: 'indexing is a run' },
    ]);
  });

  test('a missing heading or header row is an error, not an empty table', () => {
    expect(() => parseEdgeTable('# Title')).toThrow('No heading "## Edges between subsystems".');
    expect(() => parseEdgeTable('## Edges between subsystems\n| a | b |')).toThrow(
      'must begin with | from | to | why |',
    );
  });
});
