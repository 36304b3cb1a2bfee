import { describe, expect, test } from 'vitest';
import { renderSearch } from '../../../src/graph/answer-text.ts';
import { searchAnswerSchema, searchInputSchema } from '../../../src/graph/graph-answers.ts';
import { answerSearch } from '../../../src/graph/query/search-answer.ts';
import { searchSymbols, searchWords } from '../../../src/graph/query/symbol-search.ts';
import { GraphColumnsBuilder, randomGraph } from '../../support/graph-columns.ts';
import { refusalOf } from '../../support/refusal-of.ts';
import { viewOf } from '../../support/sample-graph.ts';

const graph = new GraphColumnsBuilder();
const file = graph.file('lib/mail.ts');
const receive = graph.node(file, 'function', 'receiveMessage');
const send = graph.node(file, 'function', 'sendMessage');
const parcel = graph.node(file, 'class', { name: 'Parcel', isExported: true });
const weight = graph.node(parcel, 'method', 'weight');
const parcelField = graph.node(file, 'variable', 'Parcel');
const stamp = graph.node(file, 'function', 'stamp');
const post = graph.node(file, 'function', 'post');
graph.edge(post, stamp, 'calls');
for (let user = 0; user < 30; user += 1) {
  graph.edge(graph.node(file, 'variable', `v${user}`), parcelField, 'references');
}
const view = viewOf(graph.build());

function found(query: string): number[] {
  return [...searchSymbols(view, { query }).rows];
}

function noteOf(query: string): string | undefined {
  return answerSearch(view, searchInputSchema.parse({ query })).body.note;
}

describe('words that no name has', () => {
  test.each(['recieveMesage', 'receiveMesage', 'recieve', 'receivMessgae'])('%s finds what resembles it', (query) => {
    expect(found(query)[0]).toBe(receive);
  });

  test('parts of names are no misspellings', () => {
    expect(found('essage')).toEqual([receive, send]);
    expect(noteOf('essage')).toBeUndefined();
  });

  test('similar names stand below all that have a word, and are told apart', () => {
    const { rows, similarTotal, unknown } = searchSymbols(view, { query: 'stamp recieve' });
    expect([...rows]).toEqual([stamp, receive]);
    expect({ similarTotal, unknown }).toEqual({ similarTotal: 1, unknown: ['recieve'] });
    expect(noteOf('stamp recieve')).toBe('no symbol has `recieve`; the last hit has a similar word alone');
    expect(noteOf('recieve')).toBe('no symbol has these words; similar names');
    expect(noteOf('stamp zzzzzz')).toBe('no symbol has `zzzzzz`');
    expect(noteOf('stamp')).toBeUndefined();
  });

  test('what resembles nothing finds nothing', () => {
    expect(found('zzzzzzzz')).toEqual([]);
    expect(noteOf('zzzzzzzz')).toContain('no match for');
  });
});

describe('the order of hits', () => {
  test('a class stands above a variable of its name, however much that is used', () => {
    const [first, second] = found('Parcel');
    expect([first, second]).toEqual([parcel, parcelField]);
  });

  test('what a symbol uses tells hits apart, but makes no hit of its own', () => {
    expect(found('stamp')).toEqual([stamp]);
    const two = new GraphColumnsBuilder();
    const shop = two.file('a.ts');
    const plain = two.node(shop, 'function', 'sendPlain');
    const licked = two.node(shop, 'function', 'sendOther');
    const lick = two.node(shop, 'function', 'lick');
    two.edge(licked, lick, 'calls');
    expect([...searchSymbols(viewOf(two.build()), { query: 'send lick' }).rows]).toEqual([lick, licked, plain]);
  });

  test('a first page is the beginning of the whole', () => {
    const large = viewOf(randomGraph(7, 2000, 6000));
    for (const query of ['fn', 'a', 'doc b', '/^fn1/']) {
      const whole = searchSymbols(large, { query });
      for (const first of [0, 1, 7, 100]) {
        expect(searchSymbols(large, { query }, first)).toEqual({ ...whole, rows: whole.rows.slice(0, first) });
      }
    }
  });
});

describe('patterns', () => {
  test('match names, qualified names and paths of files', () => {
    expect(new Set(found('/^(send|receive)M/'))).toEqual(new Set([receive, send]));
    expect(found('/^parcel\\.w/i')).toEqual([weight]);
    expect(found('/^lib/.*\\.ts$/')).toEqual([file]);
    expect(found('/^PARCEL/')).toEqual([]);
  });

  test('a path with slashes around it is no pattern, nor is anything in a task', () => {
    expect(found('/lib/mail')).toContain(file);
    expect([...searchWords(view, { query: '/(stamp/' }).rows]).toEqual([stamp]);
    expect(searchWords(view, { query: '*' }).total).toBe(0);
  });

  test('what is used most comes first, and filters hold', () => {
    expect(found('/^Parcel$/')[0]).toBe(parcelField);
    expect(found('/Parcel/').at(-1)).toBe(weight);
    expect([...searchSymbols(view, { query: '/./', kind: 'class' }).rows]).toEqual([parcel]);
  });

  test('a broken one is refused with the reason', () => {
    const refusal = refusalOf(() => found('/(a/'));
    expect(refusal.code).toBe('invalid_input');
    expect(refusal.message).toContain('Unterminated group');
    expect(refusalOf(() => found('/a/uv')).message).toContain('Invalid flags');
  });

  test('an endless one is stopped, and says why', () => {
    const evil = new GraphColumnsBuilder();
    evil.node(evil.file('a.ts'), 'function', `${'a'.repeat(60)}!`);
    const evilView = viewOf(evil.build());
    const startedMs = performance.now();
    const refusal = refusalOf(() => searchSymbols(evilView, { query: '/^(a+)+$/' }));
    expect(refusal.code).toBe('invalid_input');
    expect(refusal.message).toContain('takes more than');
    expect(performance.now() - startedMs).toBeLessThan(5000);
  });

  test('a search by pattern is rendered as any other', () => {
    const { body } = answerSearch(view, searchInputSchema.parse({ query: '/^sta/' }));
    const coverage = { engine: 'ts-morph', typed: 1, syntax: 0, unresolved: 0, pending: 0, truncated: false } as const;
    const frame = { workspace: '/w', generation: 1, indexedAt: '2026-01-01T00:00:00.000Z', coverage };
    expect(renderSearch(searchAnswerSchema.parse({ ...body, ...frame })).split('\n')[0]).toMatch(/^function stamp lib/);
  });
});
