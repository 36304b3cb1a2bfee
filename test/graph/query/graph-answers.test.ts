import { describe, expect, test } from 'vitest';
import { renderSearch, renderSymbol, renderTrace } from '../../../src/graph/answer-text.ts';
import {
  searchAnswerSchema,
  searchInputSchema,
  symbolAnswerSchema,
  traceInputSchema,
} from '../../../src/graph/graph-answers.ts';
import type { SearchInput, TraceInput } from '../../../src/graph/graph-answers.ts';
import type { GraphView } from '../../../src/graph/query/graph-view.ts';
import { answerSearch } from '../../../src/graph/query/search-answer.ts';
import { answerSymbol } from '../../../src/graph/query/symbol-answer.ts';
import { answerTrace } from '../../../src/graph/query/trace-answer.ts';
import { listingOf } from '../../../src/graph/trace-listing.ts';
import { randomGraph } from '../../support/graph-columns.ts';
import { refusalOf } from '../../support/refusal-of.ts';
import { sampleGraph, viewOf } from '../../support/sample-graph.ts';

const { columns } = sampleGraph();
const view = viewOf(columns);
const FRAME = {
  workspace: '/w',
  generation: 1,
  indexedAt: '2026-01-01T00:00:00.000Z',
  coverage: { engine: 'ts-morph', typed: 3, syntax: 1, unresolved: 3, pending: 0, truncated: false },
} as const;

function search(input: Partial<SearchInput> & { query: string }, of = view) {
  return searchAnswerSchema.parse({ ...answerSearch(of, searchInputSchema.parse(input)).body, ...FRAME });
}

function trace(input: Partial<TraceInput> & Pick<TraceInput, 'symbol' | 'direction'>, of = view) {
  return { ...answerTrace(of, traceInputSchema.parse(input)).body, ...FRAME };
}

function symbol(text: string, of = view) {
  return symbolAnswerSchema.parse({ ...answerSymbol(of, text).body, ...FRAME });
}

describe('texts of answers', () => {
  test('a search is one line a hit', () => {
    expect(renderSearch(search({ query: 'store', kind: 'class' }))).toMatchInlineSnapshot(`
      "class FileStore src/store/file-store.ts:5
      class MemoryStore src/store/memory-store.ts:10
      coverage: 3 files typed (ts-morph), 1 by syntax, 3 names unresolved"
    `);
  });

  test('a page ends with the cursor of the next', () => {
    const lines = renderSearch(search({ query: '*', limit: 2 })).split('\n');
    expect(lines.at(-2)).toMatch(/^2 of 16, more: cursor=[\w-]+$/);
  });

  test('a symbol tells how it is connected', () => {
    const text = renderSymbol(symbol('FileStore'));
    expect(text.replaceAll(/\b[0-9a-f]{16}\b/g, 'ID')).toMatchInlineSnapshot(`
      "ID class FileStore src/store/file-store.ts:5 exported
      1 callers, 1 callees, 1 references, 0 overriding, 2 members:
        constructor FileStore.constructor src/store/file-store.ts:6
        method FileStore.save src/store/file-store.ts:7
      coverage: 3 files typed (ts-morph), 1 by syntax, 3 names unresolved"
    `);
  });

  test('a trace tells distance, relation, line and certainty', () => {
    expect(renderTrace(listingOf(trace({ symbol: 'FileStore.save', direction: 'callers', depth: 2 }))))
      .toMatchInlineSnapshot(`
        "callers of method FileStore.save src/store/file-store.ts:7 (path name:line@use, /steps if over 1, by calls, ?n: possible by dispatch, n % likely)
        src/checkout.ts checkout:13@17?91 main:14@18/2?91
        coverage: 3 files typed (ts-morph), 1 by syntax, 3 names unresolved"
      `);
    expect(renderTrace(listingOf(trace({ symbol: 'main', direction: 'path', to: 'Store.save' }))))
      .toMatchInlineSnapshot(`
      "path of function main src/checkout.ts:14 to method Store.save src/store/store.ts:3
      function checkout src/checkout.ts:13 →1 calls@18
      method Store.save src/store/store.ts:3 →2 calls@17
      coverage: 3 files typed (ts-morph), 1 by syntax, 3 names unresolved"
    `);
  });
});

describe('names that are not one symbol', () => {
  test('an ambiguous name returns its candidates and nothing else', () => {
    const answer = trace({ symbol: 'format', direction: 'callers' });
    expect(answer).toMatchObject({ match: 'many', hits: [], total: 0 });
    expect(answer.candidates.map((hit) => hit.path)).toEqual(['src/store/file-store.ts', 'src/checkout.ts']);
    expect(answer.note).toContain('`format` names 2 symbols');
    expect(symbol('format')).toMatchObject({ match: 'many', candidates: answer.candidates });
  });

  test('an unknown name returns similar ones, never an answer about them', () => {
    const answer = symbol('orphanOrdr');
    expect(answer.match).toBe('none');
    expect(answer.symbol).toBeUndefined();
    expect(answer.candidates.map((hit) => hit.name)).toEqual(['orphanOrder']);
    expect(renderSymbol(answer)).toContain('No symbol has this name. Similar:');
  });

  test('an ambiguous end of a path is told apart from its start', () => {
    const answer = trace({ symbol: 'main', direction: 'path', to: 'save' });
    expect(answer.match).toBe('many');
    expect(answer.symbol?.name).toBe('main');
    expect(answer.candidates).toHaveLength(3);
    expect(renderTrace(listingOf(answer))).toContain('Several symbols');
  });
});

describe('empty answers', () => {
  test('no callers says what it rests on', () => {
    expect(trace({ symbol: 'orphanOrder', direction: 'callers' }).note).toMatchInlineSnapshot(
      `"no callers: file is typed, symbol is exported and could be used outside this workspace, 0 references as value, 3 names in the workspace are unresolved, 1 files are not typed"`,
    );
    expect(trace({ symbol: 'MemoryStore', direction: 'callers' }).note).toMatchInlineSnapshot(
      `"no callers: file is known by syntax alone (no project), so relations are missing, symbol is not exported from its file, 0 references as value, 3 names in the workspace are unresolved, 1 files are not typed"`,
    );
  });

  test('no callees, no path and no match say why', () => {
    expect(trace({ symbol: 'orphanOrder', direction: 'callees' }).note).toMatchInlineSnapshot(
      `"no callees: file is typed, calls into libraries and of local functions are not in the graph, 1 names in its file are unresolved"`,
    );
    expect(trace({ symbol: 'Store.save', direction: 'path', to: 'main' }).note).toMatchInlineSnapshot(
      `"no path: nothing leads from Store.save to main by uses, there is one back, of 2 steps, 3 names in the workspace are unresolved, 1 files are not typed"`,
    );
    expect(search({ query: 'save', kind: 'enum' }).note).toMatchInlineSnapshot(
      `"no match for \`save\` in names, docs and paths of 16 symbols, 3 without the filters"`,
    );
  });
});

describe('paging', () => {
  const large = viewOf(randomGraph(5, 300, 900));

  test.each(['fn', 'a b c', 'src', '*'])('a search for %s gives everything once, whatever the page size', (query) => {
    const whole = search({ query, limit: 100 }, large);
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      const page: ReturnType<typeof search> = search(
        { query, limit: 7, ...(cursor !== undefined && { cursor }) },
        large,
      );
      ids.push(...page.hits.map((hit) => hit.id));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(ids).toHaveLength(whole.total);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.slice(0, 100)).toEqual(whole.hits.map((hit) => hit.id));
  });

  test('a trace gives everything once', () => {
    const start = { symbol: large.columns.nodes.id[40] ?? '', direction: 'impact' } as const;
    const first = trace({ ...start, limit: 5 }, large);
    const ids = first.hits.map((hit) => hit.id);
    for (let cursor = first.nextCursor; cursor !== undefined;) {
      const page: ReturnType<typeof trace> = trace({ ...start, limit: 5, cursor }, large);
      ids.push(...page.hits.map((hit) => hit.id));
      cursor = page.nextCursor;
    }
    expect(ids.length).toBeGreaterThan(20);
    expect(ids).toHaveLength(first.total);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('a cursor of another question, an older generation or no cursor at all starts over', () => {
    const cursor = search({ query: 'fn', limit: 5 }, large).nextCursor ?? '';
    const newer: GraphView = viewOf(large.columns, 2);
    expect(refusalOf(() => search({ query: 'fx', cursor }, large)).code).toBe('invalid_input');
    expect(refusalOf(() => search({ query: 'fn', cursor }, newer)).message).toContain('has changed since');
    for (const wrong of ['', 'x', 'bnVsbA', Buffer.from('[1,-5,"x"]').toString('base64url')]) {
      expect(refusalOf(() => search({ query: 'fn', cursor: wrong }, large)).hint).toContain('Start over');
    }
  });
});

test('a path needs an end, and nothing else has one', () => {
  expect(refusalOf(() => trace({ symbol: 'main', direction: 'path' })).code).toBe('invalid_input');
  expect(refusalOf(() => trace({ symbol: 'main', direction: 'callers', to: 'save' })).code).toBe('invalid_input');
});
