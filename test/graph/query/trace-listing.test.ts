import { describe, expect, test } from 'vitest';
import { traceListingSchema } from '../../../src/graph/graph-answers.ts';
import type { GraphTraceHit, TraceAnswer, TraceDirection } from '../../../src/graph/graph-answers.ts';
import { listingOf } from '../../../src/graph/trace-listing.ts';

const FRAME = {
  match: 'one',
  candidates: [],
  workspace: '/w',
  generation: 1,
  indexedAt: '2026-01-01T00:00:00.000Z',
  coverage: { engine: 'ts7', typed: 3, syntax: 0, unresolved: 0, pending: 0, truncated: false },
} as const;

function hit(name: string, path: string, more: Partial<GraphTraceHit> = {}): GraphTraceHit {
  const known = { kind: 'method', line: 5, useLine: 7, depth: 1, via: 'calls', provenance: 'typed' } as const;
  return { id: `${path} ${name}`, name, path, ...known, ...more };
}

function listing(direction: TraceDirection, hits: readonly GraphTraceHit[]) {
  const answer: TraceAnswer = { direction, hits, total: hits.length, ...FRAME };
  const { form, hits: lines, listed } = traceListingSchema.parse(listingOf(answer));
  expect(listed).toBe(hits.length);
  return [form, ...lines];
}

describe('hits in lines', () => {
  test('members of a class share its name, and files of a folder its path', () => {
    const hits = [
      hit('Cart.total', 'src/shop/cart.ts'),
      hit('checkout', 'src/shop/checkout.ts', { kind: 'function', line: 9, useLine: 11 }),
      hit('Cart.add', 'src/shop/cart.ts', { line: 8, useLine: 20 }),
      hit('main', 'main.ts', { kind: 'function' }),
    ];
    expect(listing('callers', hits)).toEqual([
      'path name:line@use, by calls',
      'src/shop/',
      ' cart.ts Cart.{total:5@7 add:8@20}',
      ' checkout.ts checkout:9@11',
      'main.ts main:5@7',
    ]);
  });

  test('only what differs is said of a hit: steps, relation, kind, and how certain it is', () => {
    const hits = [
      hit('Cart.total', 'src/cart.ts'),
      hit('Cart.rate', 'src/cart.ts', { kind: 'property', via: 'references' }),
      hit('pay', 'src/pay.ts', { kind: 'function', depth: 2, provenance: 'dispatch', confidence: 0.07 }),
      hit('old', 'lib/old.js', { kind: 'function', depth: 3, provenance: 'syntax' }),
    ];
    expect(listing('impact', hits)).toEqual([
      'path name:line, /steps if over 1, by calls unless said, ?n: possible by dispatch, n % likely',
      'src/',
      ' cart.ts Cart.{total:5 rate:5(property,references)}',
      ' pay.ts pay:5/2?7',
      'lib/old.js old:5/3(syntax)',
    ]);
  });

  test('programs get the same hits as objects, when they ask for them', () => {
    const hits = [hit('Cart.total', 'src/cart.ts', { provenance: 'dispatch', confidence: 0.5 })];
    const answer: TraceAnswer = { direction: 'callers', hits, total: 1, ...FRAME };
    expect(traceListingSchema.parse(listingOf(answer, true)).objects).toEqual(hits);
    expect(listingOf(answer)).not.toHaveProperty('objects');
  });

  test('files and names with spaces can be told from others', () => {
    const hits = [
      hit('src/a.ts', 'src/a.ts', { kind: 'file', line: 1, useLine: 3, via: 'imports' }),
      hit('adds up, twice.', 'src/a.ts', { kind: 'test', line: 9, useLine: 10, via: 'tests' }),
    ];
    expect(listing('references', hits)).toEqual([
      'path name:line@use, by imports unless said',
      'src/a.ts (file)@3 "adds up, twice.":9@10(test,tests)',
    ]);
  });

  test('without hits nothing is said of how to read them', () => {
    expect(listing('callers', [])).toEqual([undefined]);
  });
});
