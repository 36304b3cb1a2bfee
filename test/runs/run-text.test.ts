import { expect, test } from 'vitest';
import { renderRun } from '../../src/runs/index.ts';
import type { Run } from '../../src/runs/index.ts';

const run: Run = {
  runId: 'ab12',
  kind: 'graph_index',
  title: 'Index demo',
  status: 'running',
  progress: { done: 40, total: 100, unit: 'files', message: 'src/a.ts' },
  attempt: 1,
  input: {},
  priority: 5,
  createdAt: '2026-01-01T00:00:00.000000Z',
};

test.each<[string, Partial<Run>]>([
  ['ab12 graph_index running "Index demo" 40/100 files (src/a.ts)', {}],
  [
    'ab12 graph_index running attempt=2 "Index demo" 7 files',
    { attempt: 2, progress: { done: 7, total: 0, unit: 'files', message: '' } },
  ],
  [
    'ab12 graph_index pending "Index demo"',
    { status: 'pending', progress: { done: 0, total: 0, unit: '', message: '' } },
  ],
  ['ab12 graph_index completed "Index demo" result={"files":3}', { status: 'completed', result: { files: 3 } }],
  [
    'ab12 graph_index failed "Index demo" 40/100 files (src/a.ts) error=not_found: No folder. Make it.',
    { status: 'failed', error: { code: 'not_found', message: 'No folder.', hint: 'Make it.' } },
  ],
])('a run is the line %s', (line, change) => {
  expect(renderRun({ ...run, ...change })).toBe(line);
});
