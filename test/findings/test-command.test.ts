import { describe, expect, test } from 'vitest';
import { parseTestScript } from '../../src/findings/sources/test-command.ts';
import { parseTestOutput } from '../../src/findings/sources/test-output.ts';

describe('the command of tests', () => {
  test.each([
    ['vitest', 'vitest', [], {}, []],
    ['vitest run --project unit --coverage', 'vitest', ['--project', 'unit'], {}, []],
    ['npm run build && vitest run test/a', 'vitest', ['test/a'], {}, ['npm run build']],
    ['NODE_ENV=test jest --ci --reporters default', 'jest', ['--ci'], { NODE_ENV: 'test' }, []],
    ['cross-env A="b c" npx mocha -R dot "test/**/*.js"', 'mocha', ['test/**/*.js'], { A: 'b c' }, []],
    ['node --import tsx --test test/*.js', 'node', ['--import', 'tsx', '--test', 'test/*.js'], {}, []],
    ['node --test --test-reporter=spec --watch', 'node', ['--test'], {}, []],
    ['c8 node_modules/.bin/vitest watch', 'vitest', [], {}, []],
    ['node build.js; jest', 'jest', [], {}, ['node build.js']],
  ])('of %s is known', (...[script, runner, args, env, skipped]) => {
    expect(parseTestScript(script)).toEqual({ runner, args, env, skipped });
  });

  test.each(['echo no tests', 'tap', 'node test.js', 'vitest $(ls)', 'jest | tee log', 'ava', 'vitest > out', ''])(
    'of %s is not',
    (script) => {
      expect(parseTestScript(script)).toBeUndefined();
    },
  );
});

describe('the output of tests', () => {
  test('of Jest gives failing tests, and files that could not be run', () => {
    const text = JSON.stringify({
      numTotalTests: 2,
      testResults: [
        {
          name: '/w/a.test.js',
          status: 'failed',
          message: 'all of it',
          assertionResults: [
            { fullName: 'adds up', status: 'passed', failureMessages: [] },
            {
              fullName: 'adds down',
              status: 'failed',
              failureMessages: ['Error: no\nsecond\n    at /w/a.test.js:3:5'],
            },
          ],
        },
        { name: '/w/b.test.js', status: 'failed', message: 'Cannot find module', assertionResults: [] },
      ],
    });
    expect(parseTestOutput('jest', text)).toEqual({
      total: 2,
      failed: [
        {
          file: '/w/a.test.js',
          name: 'adds down',
          message: 'Error: no\nsecond',
          stack: 'Error: no\nsecond\n    at /w/a.test.js:3:5',
        },
        { file: '/w/b.test.js', name: '', message: 'Cannot find module', stack: '' },
      ],
    });
  });

  test('of Mocha gives failing tests', () => {
    const failures = [{ fullTitle: 'sum adds', file: '/w/s.js', err: { message: 'no', stack: 'at /w/s.js:2:1' } }];
    expect(parseTestOutput('mocha', JSON.stringify({ stats: { tests: 3 }, failures }))).toEqual({
      total: 3,
      failed: [{ file: '/w/s.js', name: 'sum adds', message: 'no', stack: 'at /w/s.js:2:1' }],
    });
  });

  test('of another kind is refused', () => {
    expect(() => parseTestOutput('vitest', '{}')).toThrow('numTotalTests');
    expect(() => parseTestOutput('node', 'TAP version 13')).toThrow('TAP');
  });
});
