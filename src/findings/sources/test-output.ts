import { z } from 'zod';
import type { TestRunner } from './test-command.ts';

/** One failing test as its runner tells it. */
export interface FailedTest {
  /** Absolute. */
  readonly file: string;
  readonly name: string;
  /** What went wrong; may have many lines. */
  readonly message: string;
  readonly stack: string;
}

export interface TestOutput {
  readonly failed: readonly FailedTest[];
  /** How many tests were run. */
  readonly total: number;
}

/** Vitest writes what Jest does. */
const jestSchema = z.object({
  numTotalTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().nullish(),
      assertionResults: z.array(
        z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()).nullish() }),
      ),
    }),
  ),
});

const mochaSchema = z.object({
  stats: z.object({ tests: z.number() }),
  failures: z.array(
    z.object({
      fullTitle: z.string(),
      file: z.string().nullish(),
      err: z.object({ message: z.string().optional(), stack: z.string().optional() }),
    }),
  ),
});

const nodeLineSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('pass') }),
  z.object({
    kind: z.literal('fail'),
    file: z.string(),
    name: z.string(),
    message: z.string(),
    stack: z.string(),
  }),
]);

/**
 * What Node's own runner reports with: a line of JSON for each test. A file or suite that fails for its tests alone is not
 * one of them.
 */
const NODE_REPORTER = `
export default async function* report(events) {
  const outer = [];
  for await (const { type, data } of events) {
    if (type === 'test:start') { outer.length = data.nesting; outer[data.nesting] = data.name; }
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const error = data.details?.error;
    const inner = error?.cause;
    if (type === 'test:pass') { if (data.details?.type !== 'suite') yield '{"kind":"pass"}\\n'; continue; }
    if (data.todo !== undefined || error?.failureType === 'subtestsFailed') continue;
    const name = [...outer.slice(0, data.nesting), data.name].filter((word) => word !== data.file).join(' > ');
    const said = inner?.message ?? (typeof inner === 'string' ? inner : error?.message) ?? 'failed';
    const stack = String(inner?.stack ?? '');
    yield JSON.stringify({ kind: 'fail', file: data.file ?? data.name, name, message: String(said), stack }) + '\\n';
  }
}`;

/** What is added to the arguments of a runner, so that it writes to `file` what {@link parseTestOutput} reads. */
export function reporterArgs(runner: TestRunner, file: string): string[] {
  switch (runner) {
    case 'vitest':
      return ['--reporter=json', `--outputFile=${file}`, '--watch=false', '--cache=false', '--coverage.enabled=false'];
    case 'jest':
      return ['--json', `--outputFile=${file}`, '--ci', '--coverage=false', '--cache=false', '--watchAll=false'];
    case 'mocha':
      return ['--reporter=json', `--reporter-option=output=${file}`];
    case 'node':
      return [
        `--test-reporter=data:text/javascript,${encodeURIComponent(NODE_REPORTER)}`,
        `--test-reporter-destination=${file}`,
      ];
  }
}

/** Throws for what is not of this runner. */
export function parseTestOutput(runner: TestRunner, text: string): TestOutput {
  switch (runner) {
    case 'vitest':
    case 'jest':
      return jestOutput(jestSchema.parse(JSON.parse(text)));
    case 'mocha': {
      const { failures, stats } = mochaSchema.parse(JSON.parse(text));
      const failed = failures.map(({ fullTitle, file, err }) => {
        const { message = 'failed', stack = '' } = err;
        return { file: file ?? '', name: fullTitle, message, stack };
      });
      return { failed, total: stats.tests };
    }
    case 'node': {
      const lines = text.split('\n').filter((line) => line !== '');
      const tests = lines.map((line) => nodeLineSchema.parse(JSON.parse(line)));
      return { failed: tests.filter((test) => test.kind === 'fail'), total: tests.length };
    }
  }
}

function jestOutput({ numTotalTests, testResults }: z.output<typeof jestSchema>): TestOutput {
  const failed = testResults.flatMap(({ name: file, status, message, assertionResults }) => {
    const tests = assertionResults.filter((test) => test.status === 'failed');
    // A file that can't be loaded has no tests.
    if (tests.length === 0 && status === 'failed') {
      return [{ file, name: '', message: message ?? 'the file could not be run', stack: '' }];
    }
    return tests.map(({ fullName, failureMessages }) => {
      const stack = failureMessages?.join('\n') ?? '';
      return { file, name: fullName, message: messageIn(stack), stack };
    });
  });
  return { failed, total: numTotalTests };
}

/** The lines before the stack. */
function messageIn(failure: string): string {
  const lines = failure.split('\n');
  const end = lines.findIndex((line) => /^\s+at /.test(line));
  return lines.slice(0, end === -1 ? lines.length : end).join('\n');
}
