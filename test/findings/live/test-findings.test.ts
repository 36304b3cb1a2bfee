import { afterEach, describe, expect, test } from 'vitest';
import { testFindings } from '../../../src/findings/sources/test-findings.ts';
import { BIOME, lintFindings } from '../../../src/findings/sources/lint-findings.ts';
import type { IsolatedRequest, RunIsolated } from '../../../src/core/process/index.ts';
import { runProcess } from '../../../src/core/process/index.ts';
import { createFixWorkspace } from '../../fixers/fix-workspace.ts';
import type { FixWorkspace } from '../../fixers/fix-workspace.ts';

const NODE_TEST = `import { test, describe } from 'node:test';
import assert from 'node:assert';
describe('sums', () => {
  test('add up', () => assert.equal(1 + 1, 2));
  test('add down', () => {
    assert.equal(1 + 1, 3);
  });
  test('later', { todo: true }, () => assert.fail('todo'));
});
test('alone', async (t) => { await t.test('inner', () => { throw new Error('first\\nsecond'); }); });
`;
const VITEST_TEST = `import { describe, expect, it } from 'vitest';
describe('sums', () => {
  it('add up', () => expect(1 + 1).toBe(2));
  it('add down', () => {
    expect(1 + 1).toBe(3);
  });
});
`;

describe('findings of tests', () => {
  let workspace: FixWorkspace;
  afterEach(() => workspace.remove());

  const create = (test: string | undefined, files: Readonly<Record<string, string>>): void => {
    const scripts = test === undefined ? {} : { test };
    workspace = createFixWorkspace({ 'package.json': JSON.stringify({ type: 'module', scripts }), ...files });
  };
  const ask = (isAllowed = true, runIsolated?: RunIsolated) =>
    testFindings({ root: workspace.root, signal: new AbortController().signal, isAllowed, runIsolated });

  test('are one for each failing test of node --test, where it failed', async () => {
    create('node --test test/*.test.js', { 'test/a.test.js': NODE_TEST, 'test/broken.test.js': 'syntax error here\n' });
    const before = workspace.paths();
    const { state, notes, found } = await ask();
    expect(state).toBe('complete');
    expect(notes[0]).toMatch(/^node --test of Node v\d/);
    const told = found.map(({ rule, severity, category, path, line, symbol }) =>
      [severity, category, rule, `${path}:${line}`, symbol].join(' '),
    );
    expect(told).toEqual([
      'high bug tests/node test/a.test.js:6 sums > add down',
      'high bug tests/node test/a.test.js:10 alone > inner',
      expect.stringMatching(/^high bug tests\/node test\/broken\.test\.js:/),
    ]);
    expect(found[1]?.message).toBe('alone > inner: first\nsecond');
    expect(workspace.paths()).toEqual(before);
  });

  test('are one for each failing test of vitest, and for a file that can not be loaded', async () => {
    create('vitest run --coverage', { 'sums.test.js': VITEST_TEST, 'broken.test.js': "import './nowhere.js';\n" });
    workspace.install('vitest');
    const { state, notes, found } = await ask();
    expect({ state, notes }).toEqual({ state: 'complete', notes: [expect.stringMatching(/^vitest 4/), '2 tests'] });
    expect(found.map(({ rule, path, line }) => `${rule} ${path}:${line}`).toSorted()).toEqual([
      'tests/vitest broken.test.js:undefined',
      'tests/vitest sums.test.js:5',
    ]);
    const failed = found.find(({ path }) => path === 'sums.test.js');
    expect(failed?.message).toContain('sums add down: AssertionError: expected 2 to be 3');
    expect(found.find(({ path }) => path === 'broken.test.js')?.message).toContain('nowhere.js');
  });

  test('are none when all pass', async () => {
    create('node --test', { 'test/a.test.js': "import { test } from 'node:test';\ntest('a', () => {});\n" });
    expect(await ask()).toMatchObject({ state: 'complete', found: [] });
  });

  test('come of nothing that nobody asked for', async () => {
    create('node --test', { 'a.test.js': "import fs from 'node:fs';\nfs.writeFileSync('ran', '');\n" });
    expect(await ask(false)).toMatchObject({ state: 'not_run', found: [] });
    expect(workspace.paths()).not.toContain('ran');
  });

  test.each([
    [undefined, 'no script `test`'],
    ['echo "no test" && exit 1', 'starts no known runner'],
    ['jest', 'jest, which is not installed'],
    ['node --test --no-such-option', 'wrote no results'],
  ])('say why there are none: %s', async (script, reason) => {
    create(script, {});
    const { state, notes } = await ask();
    expect(state).toBe('not_run');
    expect(notes[0]).toContain(reason);
  });

  test('are made shut in, where only a folder of their own may be written', async () => {
    create('A=b node --test test/a.test.js', { 'test/a.test.js': NODE_TEST });
    const requests: IsolatedRequest[] = [];
    const { notes, found } = await ask(true, async (request) => {
      requests.push(request);
      const { file, args, cwd } = request;
      const expectedExitCodes = [0, 1];
      const output = await runProcess(file, args, { cwd, expectedExitCodes });
      const confinement = { network: true, mounts: true, pids: true, memory: true };
      return { exitCode: 1, endedBy: 'exit', durationMs: 1, confinement, ...output };
    });
    expect(found).toHaveLength(2);
    expect(notes.at(-1)).toContain('run shut in');
    const [{ writable, env, cwd } = { writable: [], env: {}, cwd: '' }] = requests;
    expect({ env, cwd }).toEqual({ env: { CI: 'true', A: 'b' }, cwd: workspace.root });
    expect(writable).toHaveLength(1);
    expect(writable[0]).not.toContain(workspace.root);
  });

  test('say how the program ended, where it was stopped', async () => {
    create('node --test', {});
    const confinement = { network: true, mounts: true, pids: true, memory: true };
    const result = { exitCode: undefined, stdout: '', stderr: 'slow', durationMs: 1, confinement };
    const { notes } = await ask(true, async () => ({ ...result, endedBy: 'timeout' }));
    expect(notes[0]).toContain('it took too long: slow');
  });
});

describe('findings of biome', () => {
  test('are what it says by its own configuration', async () => {
    const workspace = createFixWorkspace({
      'biome.json': '{ "linter": { "rules": { "suspicious": { "noDebugger": "error" } } } }',
      'src/a.js': 'export const a = 1;\ndebugger;\n',
      'src/broken.js': 'const = ;\n',
    });
    const ask = () => lintFindings(BIOME, { root: workspace.root, signal: new AbortController().signal });
    expect((await ask()).notes).toEqual(['configured, but biome is not installed in the workspace']);
    workspace.install('@biomejs');
    const { state, notes, found } = await ask();
    expect({ state, notes }).toEqual({ state: 'complete', notes: [expect.stringMatching(/^biome 2\./)] });
    expect(found.map(({ rule, severity, path, line }) => `${severity} ${rule} ${path}:${line}`)).toEqual(
      expect.arrayContaining(['medium biome/suspicious/noDebugger src/a.js:2', 'medium biome/parse src/broken.js:1']),
    );
    workspace.write({ 'biome.json': '{ "linter": 5 }' });
    const failed = await ask();
    expect(failed).toMatchObject({ state: 'not_run', found: [] });
    expect(failed.notes[0]).toContain('linter has an incorrect type');
    workspace.remove();
  });
});
