import { describe, expect, test } from 'vitest';
import { GraphColumnsBuilder } from '../../support/graph-columns.ts';
import { viewOf } from '../../support/sample-graph.ts';

describe('a view', () => {
  const graph = new GraphColumnsBuilder();
  const file = graph.file('src/a.ts');
  const service = graph.node(file, 'class', { name: 'Service', isExported: true });
  const find = graph.node(service, 'method', 'find');
  const inner = graph.node(find, 'function', 'inner');
  const hidden = graph.node(file, 'class', 'Hidden');
  const hiddenFind = graph.node(hidden, 'method', 'find');
  const listed = graph.node(file, 'function', 'listed');
  graph.edge(file, listed, 'exports');
  graph.edge(graph.file('src/index.ts'), file, 're-exports');
  const panel = graph.node(file, 'component', { name: 'Panel', isExported: true });
  const render = graph.node(panel, 'method', 'render');
  const handler = graph.node(panel, 'function', 'handler');
  const view = viewOf(graph.build());

  test('names a node with its containers, and a file by its path', () => {
    expect([file, service, find, inner].map((row) => view.qualifiedNameOf(row))).toEqual([
      'src/a.ts',
      'Service',
      'Service.find',
      'Service.find.inner',
    ]);
  });

  test('members of what is exported can be seen outside, what stands in a function can not', () => {
    expect([service, find, listed, panel, render].filter((row) => !view.isExported(row))).toEqual([]);
    expect([file, inner, hidden, hiddenFind, handler].filter((row) => view.isExported(row))).toEqual([]);
  });

  test('knows what lies inside a node, at any depth', () => {
    expect(view.membersOf(file)).toEqual([service, hidden, listed, panel]);
    expect(view.withDescendants(service)).toEqual([service, find, inner]);
    expect(view.withDescendants(inner)).toEqual([inner]);
  });
});
