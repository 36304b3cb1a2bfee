import { describe, expect, test } from 'vitest';
import { lookUpSymbol } from '../../../src/graph/query/symbol-lookup.ts';
import { GraphColumnsBuilder } from '../../support/graph-columns.ts';
import { sampleGraph, viewOf } from '../../support/sample-graph.ts';

describe('looking up a symbol', () => {
  const { columns, rows } = sampleGraph();
  const view = viewOf(columns);

  test.each([
    ['checkout', 'checkout'],
    ['FileStore.save', 'fileSave'],
    ['src/store/file-store.ts#FileStore.save', 'fileSave'],
    ['src/store/file-store.ts#save', 'fileSave'],
    ['./src/checkout.ts#format', 'shopFormat'],
    ['src\\checkout.ts', 'shopFile'],
    ['src/checkout.ts', 'shopFile'],
  ] as const)('finds %s', (text, name) => {
    expect(lookUpSymbol(view, text)).toEqual({ match: 'one', row: rows[name] });
  });

  test('finds every node by its id', () => {
    for (const [row, id] of columns.nodes.id.entries()) expect(lookUpSymbol(view, id)).toEqual({ match: 'one', row });
  });

  test('returns all that bear a name, the most used first', () => {
    expect(lookUpSymbol(view, 'save')).toEqual({ match: 'many', rows: [rows.save, rows.fileSave, rows.memorySave] });
    expect(lookUpSymbol(view, 'format')).toEqual({ match: 'many', rows: [rows.fileFormat, rows.shopFormat] });
  });

  test.each([
    ['chekout', 'checkout'],
    ['CHECKOUT', 'checkout'],
    ['Checkout', 'checkout'],
    ['FileStor', 'fileStore'],
    ['src/main.ts#checkout', 'checkout'],
    ['src/store/store.ts#checkout', 'checkout'],
  ] as const)('never takes %s for a symbol, but tells what is similar', (text, name) => {
    const lookup = lookUpSymbol(view, text);
    expect(lookup.match).toBe('none');
    expect(lookup.match === 'none' && lookup.similar).toContain(rows[name]);
  });

  test('offers nothing for a name that resembles none', () => {
    expect(lookUpSymbol(view, 'zzzzzzzzzzzz')).toEqual({ match: 'none', similar: [] });
    expect(lookUpSymbol(view, '0123456789abcdef')).toEqual({ match: 'none', similar: [] });
  });

  test('tells a private name from a path, and finds names that hold dots', () => {
    const graph = new GraphColumnsBuilder();
    const file = graph.file('src/a.ts');
    const store = graph.node(file, 'class', 'Store');
    const db = graph.node(store, 'property', '#db');
    const dotted = graph.node(file, 'test', 'parses 1.5 and a.b');
    const view = viewOf(graph.build());
    for (const text of ['Store.#db', 'src/a.ts#Store.#db', 'src/a.ts##db', '#db']) {
      expect(lookUpSymbol(view, text)).toEqual({ match: 'one', row: db });
    }
    expect(lookUpSymbol(view, 'parses 1.5 and a.b')).toEqual({ match: 'one', row: dotted });
  });

  test('names that are words of the language itself are only names', () => {
    for (const text of ['constructor.prototype', '__proto__', 'toString', 'hasOwnProperty']) {
      expect(lookUpSymbol(view, text).match).toBe('none');
    }
    expect(lookUpSymbol(view, 'constructor')).toEqual({ match: 'one', row: rows.fileStoreNew });
  });

  test('takes a name for what is tested when the others of that name are tests', () => {
    const graph = new GraphColumnsBuilder();
    const queueJob = graph.node(graph.file('src/queue.ts'), 'function', 'queueJob');
    const spec = graph.file('test/queue.test.ts');
    for (let count = 0; count < 2; count += 1) graph.node(spec, 'test', 'queueJob');
    const view = viewOf(graph.build());
    expect(lookUpSymbol(view, 'queueJob')).toEqual({ match: 'one', row: queueJob });
    expect(lookUpSymbol(view, 'test/queue.test.ts#queueJob').match).toBe('many');
  });
});
