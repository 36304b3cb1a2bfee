import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BaseRuns } from '../../../../src/agent/verify/gates/gate-run.ts';
import { evidenceMarkdown } from '../../../../src/agent/verify/evidence-text.ts';
import { verifyChange } from '../../../../src/agent/verify/verify-change.ts';
import type { VerifyRequest } from '../../../../src/agent/verify/verify-plan.ts';
import type { VerifyReport } from '../../../../src/agent/verify/verify-report.ts';
import type { FileEdit } from '../../../../src/fixers/index.ts';
import { createPlainCheckout, reopened } from '../../../support/plain-checkout.ts';
import type { PlainCheckout } from '../../../support/plain-checkout.ts';

/** Scripts that the compiler checks and Node runs as they are. */
const FILES = {
  'package.json': JSON.stringify({ type: 'module', scripts: { test: 'node --test test/*.test.js' } }),
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      strict: true,
      allowJs: true,
      checkJs: true,
      noEmit: true,
      module: 'nodenext',
      target: 'es2022',
      types: [],
    },
    include: ['src'],
  }),
  'src/price.js': `/** @param {number} amount @param {number} rate */
export function withTax(amount, rate) {
  if (amount < 0) return 0;
  return amount + amount * rate;
}
`,
  'src/label.js': `import { withTax } from './price.js';
/** @param {number} amount */
export const label = (amount) => withTax(amount, 0.5).toFixed(1);
`,
  'test/price.test.js': `import assert from 'node:assert';
import { describe, it } from 'node:test';
import { withTax } from '../src/price.js';
describe('withTax', () => {
  it('adds the tax', () => assert.equal(withTax(100, 0.5), 150));
  it('knows no negative amounts', () => assert.equal(withTax(-1, 0.5), 0));
  it('leaves nothing as it is', () => assert.equal(withTax(0, 0.5), 0));
});
`,
};
const PRICE = FILES['src/price.js'];

let place: PlainCheckout;
let baseRuns: BaseRuns;

function open(files: Readonly<Record<string, string>> = FILES, packages: readonly string[] = ['typescript']): void {
  place.repository.remove();
  place = createPlainCheckout(files, packages);
}

function verify(edits: readonly FileEdit[], more: Partial<VerifyRequest> = {}): Promise<VerifyReport> {
  return verifyChange({
    checkout: place.checkout,
    target: { source: 'eslint', rule: 'eslint/none', path: 'src/price.js', message: 'none' },
    edits,
    plan: {},
    budget: { totalMs: 120_000, gateMs: 60_000 },
    seed: 7,
    baseRuns,
    signal: new AbortController().signal,
    ...more,
  });
}

const price = (from: string, to: string): FileEdit => ({ path: 'src/price.js', text: PRICE.replace(from, to) });
const verdicts = ({ gates }: VerifyReport): string[] => gates.map(({ kind, verdict }) => `${kind} ${verdict}`);

beforeEach(() => {
  baseRuns = new BaseRuns();
  place = createPlainCheckout(FILES, ['typescript']);
});
afterEach(() => place.repository.remove());

describe('a change is judged by what the base commit says', () => {
  test('a good one is verified, with what was seen; the checkout holds it and nothing else', async () => {
    const report = await verify([price('amount + amount * rate', 'amount * (1 + rate)')]);
    expect(report).toMatchObject({
      verdict: 'verified',
      seed: 7,
      selection: 'All tests: 1 file.',
      confinement: { network: false, mounts: false },
    });
    expect(verdicts(report)).toEqual(['types passed', 'lint not_run', 'tests passed']);
    expect(report.gates[2]).toMatchObject({
      command: "node --test --test-reporter=tap 'test/*.test.js'",
      before: { exitCode: 0, diagnostics: 0 },
      after: { exitCode: 0, diagnostics: 0 },
    });
    const { files } = await place.checkout.changes();
    expect(files).toEqual([{ path: 'src/price.js', status: 'modified' }]);
  });

  test('one that breaks a type in another file fails, and later gates are not run', async () => {
    const text = PRICE.replace('return 0;', "return '0';");
    const report = await verify([{ path: 'src/price.js', text }]);
    expect(report.verdict).toBe('failed');
    expect(verdicts(report)).toEqual(['types failed', 'lint not_run', 'tests not_run']);
    expect(report.gates[0]?.added).toEqual([
      `src/label.js: TS2339 Property 'toFixed' does not exist on type 'number | "0"'.`,
    ]);
    expect(report.gates[2]?.reason).toBe('Another gate failed before.');
  });

  test('one that breaks a test fails with its name, after the test was run again', async () => {
    const report = await verify([price('amount < 0', 'amount < -9')]);
    expect(report.verdict).toBe('failed');
    expect(report.gates[2]).toMatchObject({ verdict: 'failed', flaky: [], rerun: { exitCode: 1, diagnostics: 1 } });
    expect(report.gates[2]?.added).toEqual(['withTax › knows no negative amounts: -1.5 == 0']);
    expect(evidenceMarkdown(report)).toContain('new: withTax › knows no negative amounts');
  });

  test('one by which tests that passed are not run any more fails', async () => {
    // It ends the process where no guard would see it.
    const leave = "const leave = globalThis['pro' + 'cess']['ex' + 'it'];\n";
    const base = `${leave}${PRICE}`;
    open({ ...FILES, 'src/price.js': base });
    const edit = { path: 'src/price.js', text: `${base}leave(0);\n` };
    const report = await verify([edit], { plan: { runsAll: true } });
    expect(report.gates[2]?.reason).toBe('3 tests that passed before did not run: withTax › adds the tax');
  });

  test('one that hides its fault by an edit of the configuration is refused, and nothing is run', async () => {
    const report = await verify([
      price('return 0;', "return '0';"),
      { path: 'tsconfig.json', text: '{ "files": ["src/price.js"] }' },
    ]);
    expect(report).toMatchObject({
      verdict: 'refused',
      reasons: ['tsconfig.json configures tools. Leave it as it is, and change the sources instead.'],
      gates: [],
    });
    expect(place.ran).toEqual([]);
    expect((await place.checkout.changes()).files).toEqual([]);
  });

  test('one that can not be parsed fails, and nothing is run', async () => {
    const report = await verify([price('rate) {', 'rate)')]);
    expect(report.verdict).toBe('failed');
    expect(report.reasons[0]).toContain('src/price.js');
    expect(place.ran).toEqual([]);
  });

  test('edits that change nothing, and ones through a link, are not tried', async () => {
    expect((await verify([{ path: 'src/price.js', text: PRICE }])).reasons).toEqual(['The edits change nothing.']);
    symlinkSync('/tmp', join(place.repository.root, 'out'));
    place.repository.git('add', 'out');
    place.repository.git('commit', '--quiet', '-m', 'a link');
    const { checkout } = reopened(place.repository);
    const report = await verify([{ path: 'out/x.js', text: 'let a = 1;\n' }], { checkout });
    expect(report.verdict).toBe('refused');
    expect(report.reasons[0]).toContain('out/x.js is or lies behind a symbolic link');
  });
});

describe('what was red before', () => {
  const RED = {
    ...FILES,
    'src/old.js': "/** @type {number} */\nexport const old = 'text';\n",
    'test/old.test.js': "import { test } from 'node:test';\ntest('old', () => { throw new Error('old'); });\n",
  };

  test('is judged all the same: no worse is broken_before, and the change is verified', async () => {
    open(RED);
    const report = await verify([price('amount + amount * rate', 'amount * (1 + rate)')]);
    expect(report.verdict).toBe('verified');
    expect(verdicts(report)).toEqual(['types broken_before', 'lint not_run', 'tests broken_before']);
    expect(report.gates[0]).toMatchObject({ before: { diagnostics: 1 }, after: { diagnostics: 1 } });
  });

  test('must not get worse', async () => {
    open(RED);
    const report = await verify([price('amount < 0', 'amount < -9')]);
    expect(verdicts(report)).toEqual(['types broken_before', 'lint not_run', 'tests failed']);
    expect(report.gates[2]?.added).toHaveLength(1);
  });

  test('is counted as what was to be mended: gone, or still there', async () => {
    open(RED);
    const target = { source: 'typescript', rule: 'ts/2322', path: 'src/old.js', message: 'x' };
    const mended = { path: 'src/old.js', text: '/** @type {number} */\nexport const old = 1;\n' };
    const good = await verify([mended], { target });
    expect(good).toMatchObject({ verdict: 'verified', target: { before: 1, after: 0 } });
    expect(good.gates[0]?.removed).toHaveLength(1);
    const idle = await verify([price('amount + amount * rate', 'amount * (1 + rate)')], { target });
    expect(idle).toMatchObject({ verdict: 'failed', target: { before: 1, after: 1 } });
  });
});

describe('what can not be judged', () => {
  test('is unproven, with reasons, and nothing is installed', async () => {
    open({ ...FILES, 'package.json': '{}' }, []);
    const report = await verify([price('amount + amount * rate', 'amount * (1 + rate)')]);
    expect(report.verdict).toBe('unproven');
    expect(report.gates.map(({ reason }) => reason)).toEqual([
      'TypeScript is not installed in the workspace; nothing is installed to verify a change.',
      'No linter is configured that reads the changed files.',
      'package.json has no script of tests.',
    ]);
    expect(place.ran).toEqual([]);
  });

  test('is unproven where there was no time to run all of it', async () => {
    const edit = price('amount + amount * rate', 'amount * (1 + rate)');
    const report = await verify([edit], { budget: { totalMs: 1, gateMs: 60_000 } });
    expect(report.verdict).toBe('unproven');
    expect(report.reasons[0]).toBe('tsc --noEmit -p tsconfig.json: The time for verification was up.');
    expect(place.ran).toEqual([]);
  });

  test('is unproven where only the compiler could, and it reads the file without checking it', async () => {
    const config = FILES['tsconfig.json'].replace('"checkJs":true', '"checkJs":false');
    open({ ...FILES, 'package.json': '{}', 'tsconfig.json': config });
    const report = await verify([price('amount + amount * rate', 'amount * (1 + rate)')]);
    expect(verdicts(report)).toEqual(['types passed', 'lint not_run', 'tests not_run']);
    expect(report.verdict).toBe('unproven');
  });

  test('is unproven where the target was not there at the base', async () => {
    const report = await verify([price('amount + amount * rate', 'amount * (1 + rate)')], {
      countTarget: async () => 0,
    });
    expect(report).toMatchObject({ verdict: 'unproven', target: { before: 0, after: 0 } });
  });
});

test('the base is run once for all changes that are tried on it', async () => {
  const edit = price('amount + amount * rate', 'amount * (1 + rate)');
  await verify([edit]);
  expect(place.ran).toHaveLength(4);
  await verify([edit]);
  expect(place.ran).toHaveLength(6);
});

test('a test that fails by chance is named, and does not fail the change', async () => {
  const flaky = `import { test } from 'node:test';
import { existsSync, writeFileSync } from 'node:fs';
test('now and then', () => {
  const isChanged = !existsSync('node_modules/.calm');
  writeFileSync('node_modules/.calm', '');
  if (isChanged) throw new Error('by chance');
});
`;
  open({ ...FILES, 'test/chance.test.js': flaky });
  const calm = `${place.repository.root}/node_modules/.calm`;
  writeFileSync(calm, '');
  const report = await verify([price('amount + amount * rate', 'amount * (1 + rate)')], {
    onProgress: (_done, _total, message) => {
      if (!message.includes('at the base')) rmSync(calm, { force: true });
    },
  });
  expect(report.verdict).toBe('verified');
  expect(report.gates[2]).toMatchObject({
    verdict: 'passed',
    flaky: ['now and then: by chance'],
    after: { exitCode: 1 },
    rerun: { exitCode: 0 },
  });
  expect(report.reasons).toContain('A test failed once and passed when run again: now and then: by chance');
});

test('a cancelled verification leaves the base commit', async () => {
  const controller = new AbortController();
  const onProgress = (_done: number, _total: number, message: string): void => {
    if (!message.includes('at the base')) controller.abort();
  };
  const edit = price('amount + amount * rate', 'amount * (1 + rate)');
  await expect(verify([edit], { signal: controller.signal, onProgress })).rejects.toThrow(/abort|cancel/i);
  expect((await place.checkout.changes()).files).toEqual([]);
});
