import { expect, test } from 'vitest';
import { masterNumbers, renderNumbers } from '../../../src/server/cli/master-numbers.ts';

test('runs by state and the lag are read out of a scrape; what is not told is not shown', () => {
  const text = [
    '# TYPE lightdom_runs gauge',
    'lightdom_runs{kind="drill",state="running"} 2',
    'lightdom_runs{kind="graph_index",state="running"} 1',
    'lightdom_runs{kind="drill",state="failed"} 0',
    'nodejs_eventloop_lag_p99_seconds 0.0123',
    '',
  ].join('\n');
  expect(renderNumbers(masterNumbers(text))).toBe('runs: 3 running; event loop lags by 12 ms');
  expect(renderNumbers(masterNumbers('nodejs_eventloop_lag_p99_seconds Nan\n'))).toBe('runs: none');
});
