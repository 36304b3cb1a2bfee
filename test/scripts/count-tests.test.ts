import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../../scripts/count-tests.js', import.meta.url));

describe('the closing line of continuous integration', () => {
  let folder = '';

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'lightdom-count-'));
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const passed = { status: 'passed', assertionResults: [{}, {}] };
  const failed = { status: 'failed', assertionResults: [{}] };
  const broken = { status: 'failed', assertionResults: [] };

  test.each([
    { title: 'all green', counts: [2, 0], files: [passed], statuses: ['0', '0', '0'], line: '2 passed, 0 failed' },
    {
      title: 'a failed test',
      counts: [2, 1],
      files: [passed, failed],
      statuses: ['1', '0', '0'],
      line: '2 passed, 1 failed',
    },
    {
      title: 'a file that cannot be loaded',
      counts: [2, 0],
      files: [passed, broken],
      statuses: ['1', '0', '0'],
      line: '2 passed, 1 failed',
    },
    {
      title: 'an error outside of tests',
      counts: [2, 0],
      files: [passed],
      statuses: ['1', '0', '0'],
      line: '2 passed, 1 failed',
    },
    { title: 'a failed check', counts: [2, 0], files: [passed], statuses: ['0', '1', '0'], line: '2 passed, 1 failed' },
    {
      title: 'a failed conformance suite',
      counts: [2, 0],
      files: [passed],
      statuses: ['0', '0', '1'],
      line: '2 passed, 1 failed',
    },
    { title: 'both', counts: [2, 1], files: [passed, failed], statuses: ['1', '1', '0'], line: '2 passed, 2 failed' },
  ])('$title: $line', ({ counts: [numPassedTests, numFailedTests], files, statuses, line }) => {
    const report = join(folder, 'report.json');
    writeFileSync(report, JSON.stringify({ numPassedTests, numFailedTests, testResults: files }));
    expect(count(report, ...statuses)).toEqual({ status: line.endsWith(' 0 failed') ? 0 : 1, lastLine: line });
  });

  test('a run that left no report has failed', () => {
    expect(count(join(folder, 'none.json'), '1', '0')).toEqual({ status: 1, lastLine: '0 passed, 1 failed' });
  });
});

function count(...args: readonly string[]): { status: number | null; lastLine: string | undefined } {
  const { status, stdout } = spawnSync(process.execPath, [SCRIPT, ...args], { encoding: 'utf8' });
  return { status, lastLine: stdout.trimEnd().split('\n').at(-1) };
}
