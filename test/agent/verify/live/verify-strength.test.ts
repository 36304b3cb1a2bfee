import { afterEach, describe, expect, test } from 'vitest';
import { BaseRuns } from '../../../../src/agent/verify/gates/gate-run.ts';
import { verifyChange } from '../../../../src/agent/verify/verify-change.ts';
import type { StrengthPlan } from '../../../../src/agent/verify/verify-plan.ts';
import type { FileEdit } from '../../../../src/fixers/index.ts';
import { createPlainCheckout } from '../../../support/plain-checkout.ts';
import type { PlainCheckout } from '../../../support/plain-checkout.ts';

const SUM = `export function sumTo(end) {
  let sum = 0;
  for (let at = 1; at <= end; at += 1) sum = sum + at;
  return sum;
}
`;
const STRONG = `import assert from 'node:assert';
import { test } from 'node:test';
import { sumTo } from '../src/sum.js';
test('sums', () => { assert.equal(sumTo(4), 10); assert.equal(sumTo(1), 1); });
`;
const WEAK = STRONG.replace(/\{ assert.*\}/, '{ sumTo(4); }');

let place: PlainCheckout | undefined;
afterEach(() => {
  place?.repository.remove();
  place = undefined;
});

function open(tests: string, sources: Readonly<Record<string, string>> = { 'src/sum.js': SUM }): PlainCheckout {
  place = createPlainCheckout({
    'package.json': JSON.stringify({ type: 'module', scripts: { test: 'node --test test/sum.test.js' } }),
    'test/sum.test.js': tests,
    ...sources,
  });
  return place;
}

interface Asked {
  readonly edit: FileEdit;
  readonly strength?: Partial<StrengthPlan>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number, message: string) => void;
}

function verify({ checkout }: PlainCheckout, { edit, strength, signal, onProgress }: Asked) {
  return verifyChange({
    checkout,
    target: { source: 'tests', rule: 'none', path: edit.path, message: 'none' },
    edits: [edit],
    plan: { strength: { maxMutants: 8, budgetMs: 60_000, minTimeoutMs: 2_000, ...strength } },
    budget: { totalMs: 60_000, gateMs: 30_000 },
    seed: 11,
    baseRuns: new BaseRuns(),
    signal: signal ?? new AbortController().signal,
    onProgress,
  });
}

const EDIT: FileEdit = { path: 'src/sum.js', text: SUM.replace('let sum = 0;', 'let sum = 0; // from nothing') };

describe('the strength of what verifies a change', () => {
  test('tests that check what comes out kill the mutants, and the checkout holds the change again', async () => {
    const opened = open(STRONG);
    const { verdict, strength } = await verify(opened, { edit: EDIT });
    expect(verdict).toBe('verified');
    expect(strength?.mutants).toBeGreaterThanOrEqual(5);
    expect(strength).toMatchObject({
      killed: strength?.mutants,
      killedByTests: strength?.killed,
      survived: [],
      seed: 11,
    });
    expect(await opened.checkout.findText('src/sum.js')).toBe(EDIT.text);
    expect((await opened.checkout.changes()).files).toEqual([{ path: 'src/sum.js', status: 'modified' }]);
  });

  test('tests that check nothing let them live, each named', async () => {
    const { verdict, strength } = await verify(open(WEAK), { edit: EDIT });
    expect(verdict).toBe('verified');
    expect(strength?.survived.length).toBeGreaterThanOrEqual(4);
    expect(strength?.survived).toContain('src/sum.js:4: return taken out');
  });

  test('a mutant that never ends is killed by its time', async () => {
    const text = 'export const wait = (end) => { let at = 0; while (at !== end) { at = at + 1; } return at; };\n';
    const base = text.replace('at !== end', 'at < end');
    const tests = STRONG.replace(
      /import \{ sumTo.*\n.*\n/,
      "import { wait } from '../src/sum.js';\ntest('waits', () => { wait(3); });\n",
    );
    const { strength } = await verify(open(tests, { 'src/sum.js': base }), { edit: { path: 'src/sum.js', text } });
    const ended = place?.ran.length ?? 0;
    expect(ended).toBe(2 + (strength?.mutants ?? 0));
    expect(strength?.survived.some((what) => what.includes('+ → -'))).toBe(false);
    expect(strength?.killed).toBeGreaterThanOrEqual(1);
    expect(strength?.durationMs).toBeGreaterThanOrEqual(2_000);
  });

  test('types alone have no mutants, and it is said', async () => {
    const sources = { 'src/sum.js': SUM, 'src/shape.ts': 'export interface Shape { a: string }\n' };
    const edit = { path: 'src/shape.ts', text: 'export interface Shape { a: number }\n' };
    const { strength } = await verify(open(STRONG, sources), { edit });
    expect(strength).toMatchObject({ mutants: 0, killed: 0 });
    expect(strength?.note).toContain('Nothing that is executed was changed');
  });

  test('what the budget has no room for is not counted', async () => {
    const { strength } = await verify(open(STRONG), { edit: EDIT, strength: { budgetMs: 10 } });
    expect(strength).toMatchObject({ mutants: 0, killed: 0 });
    expect(strength?.note).toMatch(/^The time was up after 0 of \d faults\.$/);
  });

  test('a measurement that is cancelled leaves no mutant behind', async () => {
    const opened = open(STRONG);
    const controller = new AbortController();
    let mutants = 0;
    const onProgress = (_done: number, _total: number, message: string): void => {
      if (!/→|taken out|negated/.test(message)) return;
      mutants += 1;
      if (mutants === 2) setTimeout(() => controller.abort(), 50);
    };
    await expect(verify(opened, { edit: EDIT, signal: controller.signal, onProgress })).rejects.toThrow(
      /abort|cancel/i,
    );
    expect(mutants).toBeGreaterThanOrEqual(2);
    expect(await opened.checkout.findText('src/sum.js')).toBe(SUM);
  });

  test('the same seed draws the same faults', async () => {
    const [one, other] = [await verify(open(WEAK), { edit: EDIT }), await verify(open(WEAK), { edit: EDIT })];
    expect(one.strength?.survived).toEqual(other.strength?.survived);
  });
});
