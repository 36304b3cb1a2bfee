import { expect, test } from 'vitest';
import { ReportCache } from '../../../src/graph/report-cache.ts';
import type { ReportInput } from '../../../src/graph/report-schema.ts';
import { sampleGraph, viewOf } from '../../support/sample-graph.ts';

test('a report is made anew for the first page, and once for all pages after it', async () => {
  const cache = new ReportCache();
  const view = viewOf(sampleGraph().columns);
  let made = 0;
  const ask = (input: Partial<ReportInput>, root = '/a') =>
    cache.find({ root, view }, { report: 'dead_code', limit: 50, ...input }, () => {
      made += 1;
      return Promise.resolve({ items: [], notes: [`made ${made}`] });
    });
  expect((await ask({})).notes).toEqual(['made 1']);
  expect((await ask({ cursor: 'page 2' })).notes).toEqual(['made 1']);
  expect((await ask({ cursor: 'page 3', path: 'src' })).notes).toEqual(['made 1']);
  expect((await ask({})).notes).toEqual(['made 2']);
  expect((await ask({ cursor: 'page 2' })).notes).toEqual(['made 2']);
  expect((await ask({ cursor: 'page 2', report: 'cycles' })).notes).toEqual(['made 3']);
  expect((await ask({ cursor: 'page 2', rules: ['a !> b'] })).notes).toEqual(['made 4']);
  expect((await ask({ cursor: 'page 2' }, '/b')).notes).toEqual(['made 5']);
});
