import { expect, test } from 'vitest';
import { renderParts, renderRun, renderRunEvent } from '../../src/runs/index.ts';
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
  updatedAt: '2026-11-01T10:00:01.000Z',
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
  [
    'ab12 graph_index waiting_approval "Index demo" part-of=cd34 priority=9 spent={"usd":1} of {"usd":5} asks="Sure?"',
    {
      status: 'waiting_approval',
      approval: 'Sure?',
      priority: 9,
      parentRunId: 'cd34',
      budget: { usd: 5 },
      spent: { usd: 1 },
      progress: { done: 0, total: 0, unit: '', message: '' },
    },
  ],
  [
    'ab12 graph_index waiting_input "Index demo" asks ask-1-who="Who?" (name: string, kind?: cat|dog), ask-1-age="How\\nold?" (age: integer)',
    {
      status: 'waiting_input',
      questions: {
        'ask-1-who': {
          message: 'Who?',
          schema: {
            type: 'object',
            properties: { name: { type: 'string' }, kind: { type: 'string', enum: ['cat', 'dog'] } },
            required: ['name'],
          },
        },
        'ask-1-age': {
          message: 'How\nold?',
          schema: { type: 'object', properties: { age: { type: 'integer' } }, required: ['age'] },
        },
      },
      progress: { done: 0, total: 0, unit: '', message: '' },
    },
  ],
])('a run is the line %s', (line, change) => {
  expect(renderRun({ ...run, ...change })).toBe(line);
});

test('parts are counted by their state, in the order of a run’s life', () => {
  expect(renderParts({ completed: 12, running: 4 })).toBe('16 parts: 4 running, 12 completed');
});

test('a line of the log has its time and level', () => {
  const line = {
    sequence: 1,
    runId: 'ab12',
    at: '2026-01-01T00:00:00.000000Z',
    level: 'warn',
    message: 'slow',
  } as const;
  expect(renderRunEvent(line)).toBe('2026-01-01T00:00:00.000000Z warn slow');
});
