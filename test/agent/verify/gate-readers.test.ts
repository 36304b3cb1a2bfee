import { describe, expect, test } from 'vitest';
import { judgeGate } from '../../../src/agent/verify/gates/gate-comparison.ts';
import { GATE_READERS } from '../../../src/agent/verify/gates/gate-readers.ts';
import type { GateReading } from '../../../src/agent/verify/gates/gate-reading.ts';
import type { GateOutcome } from '../../../src/agent/verify/gates/gate-run.ts';
import type { GateProgram, ReaderName } from '../../../src/agent/verify/gates/planned-gate.ts';

const PLACE = { root: '/w', cwd: '/w/pkg' };
const read = (reader: ReaderName, stdout: string): GateReading => GATE_READERS[reader]({ stdout, stderr: '' }, PLACE);
const texts = ({ diagnostics }: GateReading): readonly string[] | undefined => diagnostics?.map(({ text }) => text);

describe('what programs write is read', () => {
  test('of the compiler: errors without lines, with what explains them, and the files', () => {
    const at = (line: number): GateReading =>
      read(
        'tsc',
        `src/a.ts(${line},7): error TS2345: Argument of type 'A'.\n  In '/w/pkg/src/b.ts'.\nerror TS18003: No inputs.\n/w/pkg/src/a.ts\n/lib/lib.d.ts\n`,
      );
    expect(at(3)).toEqual(at(90));
    expect(at(3)).toMatchObject({
      diagnostics: [
        {
          rule: 'ts/2345',
          path: 'pkg/src/a.ts',
          key: "pkg/src/a.ts: ts/2345 Argument of type 'A'. In 'pkg/src/b.ts'.",
        },
      ],
      covered: ['pkg/src/a.ts', '/lib/lib.d.ts'],
      partial: undefined,
    });
    expect(read('tsc', "error TS5083: Cannot read file '/w/base.json'.\n").partial).toContain('options');
    expect(read('tsc', 'Cannot find module\n    at x.js\n').diagnostics).toBeUndefined();
  });

  test('of jest and vitest, between other lines', () => {
    const json = JSON.stringify({
      numTotalTests: 2,
      testResults: [
        {
          name: '/w/pkg/a.test.js',
          status: 'failed',
          assertionResults: [
            { ancestorTitles: ['x'], title: 'good', status: 'passed' },
            { ancestorTitles: ['x'], title: 'bad', status: 'failed', failureMessages: ['no\n  at y'] },
            { title: 'later', status: 'pending' },
          ],
        },
        { name: '/w/pkg/b.test.js', status: 'failed', message: 'lost', assertionResults: [] },
      ],
    });
    const reading = read('suite_json', `> run\n{"a":1}\n${json}\n{ trailing }\n`);
    expect(texts(reading)).toEqual(['pkg/a.test.js › x › bad: no', 'pkg/b.test.js › (the file): lost']);
    expect(reading.passed).toEqual(['pkg/a.test.js › x › good']);
    expect(read('suite_json', 'killed').diagnostics).toBeUndefined();
  });

  test('of mocha', () => {
    const json = {
      stats: {},
      passes: [{ fullTitle: 'a b', file: '/w/pkg/a.js' }],
      failures: [{ fullTitle: 'c', err: { message: 'no' } }],
    };
    const reading = read('mocha_json', `log\n${JSON.stringify(json, null, 2)}\n`);
    expect(texts(reading)).toEqual(['tests › c: no']);
    expect(reading.passed).toEqual(['pkg/a.js › a b']);
  });

  test('of the Test Anything Protocol: the innermost tests, without those that were skipped', () => {
    const reading = read(
      'tap',
      [
        'TAP version 13',
        '# Subtest: outer',
        '    # Subtest: good',
        '    ok 1 - good',
        '      ---',
        "      error: 'none'",
        '      ...',
        '    not ok 2 - bad \\# one',
        '      ---',
        "      error: '1 == 2'",
        '      ...',
        '    ok 3 - never # SKIP',
        '    not ok 4 - some day # TODO',
        '    1..4',
        'not ok 1 - outer',
        '# Subtest: whole',
        '    ok 1 - inner',
        'not ok 2 - whole',
        'ok 3 - /w/pkg/c.js',
        'ok 4 - timed # time=3ms',
        '1..4',
      ].join('\n'),
    );
    expect(texts(reading)).toEqual(['outer › bad # one: 1 == 2', 'whole']);
    expect(reading.passed).toEqual(['outer › good', 'whole › inner', 'pkg/c.js', 'timed']);
    expect(read('tap', 'TAP version 13\nok 1 - a\n').partial).toContain('ended before');
    expect(read('tap', 'nothing of it').diagnostics).toBeUndefined();
  });

  test.each([
    ['eslint' as const, 'Oops! Something went wrong'],
    ['oxlint' as const, 'Failed to parse the configuration'],
    ['biome' as const, ''],
  ])('of %s: what is not its JSON is none', (reader, stdout) => {
    expect(read(reader, stdout).diagnostics).toBeUndefined();
  });

  test('of biome, as former versions write it', () => {
    const diagnostic = {
      severity: 'error',
      category: null,
      description: 'bad',
      message: [{ content: 'bad' }],
      location: { path: { file: 'a.ts' } },
    };
    expect(texts(read('biome', JSON.stringify({ diagnostics: [diagnostic] })))).toEqual(['pkg/a.ts: biome/syntax bad']);
  });
});

interface Said {
  readonly exit?: number;
  readonly endedBy?: GateOutcome['endedBy'];
  readonly wrong?: readonly string[] | undefined;
  readonly passed?: readonly string[];
  readonly partial?: string;
}

function outcome({ exit = 0, endedBy = 'exit', wrong, passed = [], partial }: Said): GateOutcome {
  const diagnostics = wrong?.map((key) => ({
    key,
    rule: 'r',
    path: undefined,
    isError: !key.startsWith('warning'),
    text: key,
  }));
  const confinement = { network: true, mounts: true, pids: true, memory: true };
  return {
    exitCode: exit,
    endedBy,
    durationMs: 1,
    tail: '',
    confinement,
    reading: { diagnostics, passed, covered: [], partial },
  };
}

function judge(before: Said, after: Said, more: Partial<GateProgram> = {}): string {
  const gate: GateProgram = {
    state: 'ready',
    kind: 'types',
    command: 'x',
    file: 'x',
    args: [],
    env: {},
    reader: 'tsc',
    ...more,
  };
  const { verdict, added } = judgeGate(gate, outcome(before), outcome(after));
  return [verdict, ...added.map(({ key }) => key)].join(' ');
}

const TESTS = { kind: 'tests' } as const;

describe('two runs are compared', () => {
  test.each<[string, Said, Said, string]>([
    ['nothing before, nothing after', { wrong: [] }, { wrong: [] }, 'passed'],
    ['one of a kind more', { exit: 1, wrong: ['a'] }, { exit: 1, wrong: ['a', 'a'] }, 'failed a'],
    ['another in its place', { exit: 1, wrong: ['a'] }, { exit: 1, wrong: ['b'] }, 'failed b'],
    ['the same', { exit: 1, wrong: ['a'] }, { exit: 1, wrong: ['a'] }, 'broken_before'],
    ['fewer', { exit: 1, wrong: ['a', 'b'] }, { exit: 1, wrong: ['a'] }, 'broken_before'],
    ['none any more', { exit: 1, wrong: ['a'] }, { wrong: [] }, 'passed'],
    ['a warning', { wrong: [] }, { wrong: ['warning'] }, 'passed'],
    ['an exit code without words', { wrong: [] }, { exit: 1, wrong: [] }, 'failed'],
    ['exit codes alone, green', { exit: 0 }, { exit: 0 }, 'passed'],
    ['exit codes alone, green then red', { exit: 0 }, { exit: 1 }, 'failed'],
    ['exit codes alone, red then red', { exit: 1 }, { exit: 1 }, 'not_run'],
    ['exit codes alone, red then green', { exit: 1 }, { exit: 0 }, 'passed'],
    ['an end by time with the change', { wrong: [] }, { endedBy: 'timeout' }, 'failed'],
    ['an end by time both times', { endedBy: 'timeout' }, { endedBy: 'memory' }, 'not_run'],
    ['an end by time at the base, then green', { endedBy: 'timeout' }, { wrong: [] }, 'passed'],
    ['half of it at the base', { exit: 1, wrong: ['a'], partial: 'half' }, { exit: 1, wrong: ['b'] }, 'not_run b'],
    ['half of it at the base, then green', { exit: 1, wrong: ['a'], partial: 'half' }, { wrong: [] }, 'passed'],
    ['half of it with the change', { wrong: [] }, { exit: 1, wrong: ['s'], partial: 'half' }, 'failed s'],
  ])('%s', (...[, before, after, expected]) => {
    expect(judge(before, after)).toBe(expected);
  });

  test('tests that are gone fail, and so does having none', () => {
    expect(judge({ wrong: [], passed: ['a', 'b'] }, { wrong: [], passed: ['a'] }, TESTS)).toBe('failed');
    expect(judge({ exit: 1, wrong: ['a'], passed: ['b'] }, { wrong: [], passed: ['a', 'b', 'c'] }, TESTS)).toBe(
      'passed',
    );
    expect(judge({ wrong: [] }, { wrong: [] }, TESTS)).toBe('not_run');
  });

  test('warnings count where the workspace lets none pass', () => {
    expect(judge({ wrong: [] }, { wrong: ['warning'] }, { countsWarnings: true })).toBe('failed warning');
  });
});
