import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, test } from 'vitest';
import { contextAnswerSchema, contextInputSchema } from '../../../src/graph/context-schema.ts';
import { renderContext } from '../../../src/graph/context-text.ts';
import { answerContext } from '../../../src/graph/query/context-answer.ts';
import type { GraphView } from '../../../src/graph/query/graph-view.ts';
import { GraphColumnsBuilder, seededRandom } from '../../support/graph-columns.ts';
import { sampleGraph, viewOf } from '../../support/sample-graph.ts';

const NO_ENTRIES = { files: new Set(['src/checkout.ts']), scripts: '', areKnown: true };

function context(view: GraphView, input: { task?: string; symbols?: string[]; budget?: number }) {
  const { body, isTruncated } = answerContext(view, contextInputSchema.parse(input), NO_ENTRIES);
  return contextAnswerSchema.parse({
    ...body,
    workspace: '/w',
    generation: 1,
    indexedAt: '2026-01-01T00:00:00.000Z',
    coverage: {
      engine: 'ts-morph',
      typed: 10_000,
      syntax: 1000,
      unresolved: 90_000,
      pending: 100,
      truncated: isTruncated,
    },
  });
}

function shopWithTests() {
  const graph = new GraphColumnsBuilder();
  const file = graph.file('src/checkout.ts');
  const order = graph.node(file, 'interface', { name: 'Order', isExported: true, doc: 'What is bought. More of it.' });
  const checkout = graph.node(file, 'function', {
    name: 'checkout',
    signature: 'function checkout(order: Order): void',
  });
  const pay = graph.node(file, 'function', 'pay');
  const main = graph.node(graph.file('src/main.ts'), 'function', 'main');
  const unrelated = graph.node(graph.file('src/other.ts'), 'function', 'paint');
  graph.edge(checkout, order, 'type-uses');
  graph.edge(checkout, pay, 'calls');
  graph.edge(main, checkout, 'calls');
  for (const [path, count] of [
    ['test/checkout.test.ts', 2],
    ['test/all.test.ts', 1],
  ] as const) {
    const testFile = graph.file(path);
    for (let at = 0; at < count; at += 1) {
      graph.edge(graph.node(testFile, 'test', `checks out ${at}`), checkout, 'tests');
    }
  }
  return { view: viewOf(graph.build()), rows: { checkout, order, pay, main, unrelated } };
}

describe('a context pack', () => {
  test('holds the symbol, its neighbours with the reason, and its tests', () => {
    const { view } = shopWithTests();
    const answer = context(view, { symbols: ['checkout'], budget: 500 });
    expect(answer.items.map(({ name, reason }) => `${name}: ${reason}`)).toEqual([
      'Order: type of checkout',
      'checkout: asked for',
      'pay: called by checkout',
      'main: calls checkout',
    ]);
    expect(answer.tests).toEqual(['test/checkout.test.ts (2)', 'test/all.test.ts (1)']);
    expect(renderContext(answer)).toMatchInlineSnapshot(`
      "around the symbols: 4 of 4 symbols, at most 184 of 500 tokens
      src/checkout.ts
        2 interface Order - type of checkout
          What is bought.
        3 function checkout(order: Order): void - asked for
        4 function pay - called by checkout
      src/main.ts
        6 function main - calls checkout
      tests:
        test/checkout.test.ts (2)
        test/all.test.ts (1)
      coverage: 10000 files typed (ts-morph), 1000 by syntax, 90000 names unresolved, 100 changed since"
    `);
  });

  test('follows a task to what it names and what its words find, and leaves the rest', () => {
    const { view } = shopWithTests();
    const named = context(view, { task: 'src/checkout.ts#pay should be called twice' });
    expect(named.items.find(({ name }) => name === 'pay')?.reason).toBe('named in the task');
    const found = context(view, { task: 'paying an order' });
    expect(found.items.map(({ name }) => name)).toContain('pay');
    expect(found.items.map(({ name }) => name)).not.toContain('paint');
  });

  test('says which words of a task no symbol has, and begins nowhere when none has any', () => {
    const { view } = shopWithTests();
    expect(context(view, { task: 'checkout with quaternions' }).note).toBe('no symbol has quaternions');
    const nothing = context(view, { task: 'quaternions' });
    expect(nothing.items).toEqual([]);
    expect(nothing.note).toContain('nothing to begin with');
  });

  test('never takes one symbol for another: ambiguous and unknown names come back with candidates', () => {
    const { columns } = sampleGraph();
    const answer = context(viewOf(columns), { symbols: ['format', 'chekout', 'FileStore.save'] });
    expect(answer.unmatched).toEqual([
      expect.stringMatching(/^format: [0-9a-f]{16} function format src\/store\/file-store\.ts:8$/),
      expect.stringMatching(/^format: [0-9a-f]{16} function format src\/checkout\.ts:/),
      expect.stringMatching(/^chekout: [0-9a-f]{16} function checkout src\/checkout\.ts:/),
    ]);
    expect(answer.note).toContain('2 of the symbols');
    expect(answer.items.filter(({ reason }) => reason === 'asked for').map(({ name }) => name)).toEqual([
      'FileStore.save',
    ]);
    expect(context(viewOf(columns), { symbols: ['format'] }).items).toEqual([]);
  });

  test('without task and symbols is a map: entries, folders, and the most used by file', () => {
    const { columns } = sampleGraph();
    const answer = context(viewOf(columns), { budget: 500 });
    expect(answer.about).toBe('4 files (0 tests), 16 symbols; entries: src/checkout.ts; files in src/store 3, src 1');
    expect(answer.items[0]).toMatchObject({
      path: 'src/store/store.ts',
      name: 'Store',
      reason: 'used by 2 in 2 files',
    });
  });

  test('shows what was asked for first, however little is left for the rest', () => {
    const view = largeView(3);
    const answer = context(view, { symbols: ['Request7Parser'], task: 'parse headers /(of/ a request', budget: 250 });
    expect(answer.items.map(({ name }) => name)).toContain('Request7Parser');
  });

  test('is the same each time', () => {
    const view = largeView(11);
    const question = { task: 'parse the request header', budget: 1500 };
    expect(context(largeView(11), question)).toEqual(context(view, question));
  });
});

describe('the budget', () => {
  const large = largeView(5);
  const symbols = Array.from({ length: 20 }, (_, at) => (at < 3 ? `parseRequest${at}` : `parseRequestt${at}`));

  test.each([
    ['a map', {}],
    ['a task', { task: `parse the request header of ${'quux '.repeat(40)}` }],
    ['symbols, most of them unknown', { symbols }],
    ['an ambiguous name', { symbols: ['save'] }],
  ])('is kept by %s, however small, as a tokenizer counts', (_, question) => {
    for (const budget of [200, 201, 350, 500, 1000, 2000, 5000, 16_000]) {
      const answer = context(large, { ...question, budget });
      const tokens = countTokens(renderContext(answer));
      expect(tokens).toBeLessThanOrEqual(answer.usedTokens);
      expect(answer.usedTokens).toBeLessThanOrEqual(budget);
    }
  });

  test('is used: more of it tells more', () => {
    const sizes = [300, 1000, 4000].map((budget) => context(large, { task: 'parse request', budget }).items.length);
    expect(sizes.toSorted((a, b) => a - b)).toEqual(sizes);
    const answer = context(large, { task: 'parse request', budget: 4000 });
    expect(answer.usedTokens).toBeGreaterThan(3800);
    expect(answer.coverage.truncated).toBe(true);
  });
});

/** Thousands of symbols whose signatures, comments and paths are as unkind to tokenizers as real ones get. */
function largeView(seed: number): GraphView {
  const random = seededRandom(seed);
  const pick = (list: readonly string[]): string => list[Math.floor(random() * list.length)] ?? '';
  const signatures = [
    'export function f<T extends Record<string, readonly [K, V][]>, K = keyof T>(a?: T[K], ...b: unknown[]): asserts a is T',
    "const HASH = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'",
    'async #x({ a, b: { c = 1, d } = {} }: { readonly a: A; readonly b?: B }): Promise<[A, B?]>',
    'type Übergröße = `${number}px` | "größer" | 漢字 | "🙂🙃"',
    'const R = /^(?:[!#$%&\'*+\\-.^_`|~\\w]+)(?:=("(?:\\\\.|[^"\\\\])*"|[^\\s;,]*))?$/u',
    '',
  ];
  const docs = ['Parses the header of a request.', 'Überträgt Größen — «sehr» genau; 漢字かな交じり文。', ''];
  const graph = new GraphColumnsBuilder();
  const rows: number[] = [];
  for (let at = 0; at < 150; at += 1) {
    const file = graph.file(`packages/p${at % 9}/src/${pick(['parse', 'http2', 'XMLutil', '日本'])}/f-${at}.ts`);
    const owner = graph.node(file, 'class', { name: `Request${at}Parser`, isExported: true, doc: pick(docs) });
    rows.push(owner);
    for (let inner = 0; inner < 20; inner += 1) {
      const name = pick(['save', `parseRequest${at}`, `header${inner}`, `x${Math.floor(random() * 1e9).toString(36)}`]);
      rows.push(graph.node(owner, 'method', { name, signature: pick(signatures), doc: pick(docs) }));
    }
  }
  const some = (): number => rows[Math.floor(random() * rows.length)] ?? 0;
  for (let at = 0; at < 12_000; at += 1) graph.edge(some(), some(), random() < 0.7 ? 'calls' : 'type-uses');
  return viewOf(graph.build());
}
