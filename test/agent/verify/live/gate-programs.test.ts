import { afterEach, describe, expect, test } from 'vitest';
import { planGates } from '../../../../src/agent/verify/gates/gate-plan.ts';
import { runGate } from '../../../../src/agent/verify/gates/gate-run.ts';
import type { GateOutcome } from '../../../../src/agent/verify/gates/gate-run.ts';
import { installedBins } from '../../../../src/agent/verify/gates/installed-bins.ts';
import type { PlannedGate } from '../../../../src/agent/verify/gates/planned-gate.ts';
import { createPlainCheckout } from '../../../support/plain-checkout.ts';
import type { PlainCheckout } from '../../../support/plain-checkout.ts';

let place: PlainCheckout | undefined;
afterEach(() => {
  place?.repository.remove();
  place = undefined;
});

interface Asked {
  readonly changed?: readonly string[];
  readonly tests?: readonly string[];
  readonly packages: readonly string[];
}

/** What the gates of one kind say of the files as they are. */
async function say(kind: PlannedGate['kind'], files: Readonly<Record<string, string>>, asked: Asked) {
  place = createPlainCheckout(files, asked.packages);
  const { checkout } = place;
  const changed = asked.changed ?? ['src/a.ts'];
  const planned = await planGates(
    {
      files: await checkout.listFiles(),
      findText: (path) => checkout.findText(path),
      ...installedBins(checkout),
    },
    { changed, lintable: changed, tests: asked.tests, build: kind === 'build' },
  );
  const outcomes: GateOutcome[] = [];
  for (const gate of planned) {
    if (gate.kind !== kind || gate.state !== 'ready') continue;
    outcomes.push(await runGate(checkout, gate, { timeoutMs: 60_000, signal: new AbortController().signal }));
  }
  return { outcomes, planned: planned.filter((gate) => gate.kind === kind) };
}

describe('programs that judge are asked and read', () => {
  test('vitest, for the chosen files alone, whatever its tests write', async () => {
    const suite = (title: string, result: number) =>
      `import { expect, test } from 'vitest';\ntest('${title}', () => { console.log('{"noise": 1}'); expect(1).toBe(${result}); });\n`;
    const files = {
      'package.json': '{ "type": "module", "scripts": { "test": "vitest --coverage" } }',
      'src/a.test.ts': suite('good', 1) + suite('bad', 2).replace(/^.*\n/, ''),
      'src/b.test.ts': suite('other', 2),
      'src/c.test.ts': "import './nowhere.ts';\n",
    };
    const { outcomes } = await say('tests', files, { tests: ['src/a.test.ts', 'src/c.test.ts'], packages: ['vitest'] });
    expect(outcomes[0]).toMatchObject({ exitCode: 1, reading: { passed: ['src/a.test.ts › good'] } });
    expect(outcomes[0]?.reading.diagnostics?.map(({ text }) => text).toSorted()).toEqual([
      'src/a.test.ts › bad: AssertionError: expected 1 to be 2 // Object.is equality',
      expect.stringContaining("src/c.test.ts › (the file): Cannot find module './nowhere.ts'"),
    ]);
  });

  test('node, with what a script does before it and names that a shell writes out', async () => {
    const files = {
      'package.json': JSON.stringify({
        type: 'module',
        scripts: { pre: 'echo ready', test: 'npm run pre && node --test test/*.js' },
      }),
      'test/a.js': "import { test } from 'node:test';\ntest('a # b', () => {});\ntest.skip('later', () => {});\n",
      'test/b.js': "throw new Error('broken');\n",
    };
    const { outcomes } = await say('tests', files, { tests: [], packages: [] });
    expect(outcomes[0]).toMatchObject({ exitCode: 1, reading: { passed: ['a # b'] } });
    expect(outcomes[0]?.reading.diagnostics?.map(({ text }) => text)).toEqual(['test/b.js: test failed']);
  });

  test('an unknown runner by its exit code', async () => {
    const files = { 'package.json': '{ "scripts": { "test": "echo 1 | grep 2 || exit 3" } }' };
    const { outcomes } = await say('tests', files, { tests: ['x.test.js'], packages: [] });
    expect(outcomes[0]).toMatchObject({ exitCode: 3, reading: { diagnostics: undefined } });
  });

  test('eslint, with errors and warnings', async () => {
    const files = {
      'package.json': '{ "type": "module", "scripts": { "lint": "eslint . --max-warnings 0" } }',
      'eslint.config.js': "export default [{ rules: { 'no-debugger': 'error', 'no-unused-vars': 'warn' } }];\n",
      'src/a.js': 'debugger;\nconst unused = 1;\n',
      'src/b.js': 'debugger;\n',
    };
    const { outcomes, planned } = await say('lint', files, { changed: ['src/a.js'], packages: ['eslint'] });
    expect(planned).toMatchObject([{ command: 'eslint src/a.js', countsWarnings: true }]);
    expect(outcomes[0]?.reading.diagnostics?.map(({ text, isError }) => `${isError} ${text}`)).toEqual([
      "true src/a.js: eslint/no-debugger Unexpected 'debugger' statement.",
      "false src/a.js: eslint/no-unused-vars 'unused' is assigned a value but never used.",
    ]);
  });

  test('oxlint and biome, one beside the other', async () => {
    const files = {
      'package.json': '{}',
      '.oxlintrc.json': '{ "rules": { "no-debugger": "error" } }',
      'biome.json': '{ "linter": { "rules": { "recommended": true } } }',
      'src/a.ts': 'debugger;\n',
    };
    const { outcomes } = await say('lint', files, { packages: ['oxlint', '@biomejs/biome'] });
    const said = outcomes.map(({ reading }) => reading.diagnostics?.map(({ rule, path }) => `${path} ${rule}`));
    expect(said).toEqual([['src/a.ts oxlint/eslint(no-debugger)'], ['src/a.ts biome/suspicious/noDebugger']]);
  });

  test('the compiler for each project that a solution names, composite ones too; it leaves nothing behind', async () => {
    const options = { strict: true, types: [], lib: ['es2022'] };
    const files = {
      'package.json': '{}',
      'tsconfig.json': '{ "files": [], "references": [{ "path": "packages/a" }, { "path": "packages/b" }] }',
      'packages/a/tsconfig.json': JSON.stringify({
        compilerOptions: { ...options, composite: true, outDir: 'dist' },
        include: ['src'],
      }),
      'packages/a/src/a.ts': 'export const a: string = 1;\n',
      'packages/b/tsconfig.json': JSON.stringify({ compilerOptions: { ...options, noEmit: true }, include: ['src'] }),
      'packages/b/src/b.ts': 'export const b: number = 2;\n',
    };
    const asked = { changed: ['packages/a/src/a.ts'], packages: ['typescript'] };
    const { outcomes, planned } = await say('types', files, asked);
    expect(planned.map(({ command }) => command)).toEqual([
      'tsc --noEmit -p packages/a/tsconfig.json',
      'tsc --noEmit -p packages/b/tsconfig.json',
    ]);
    const [one, other] = outcomes;
    expect(one?.reading.diagnostics?.map(({ text }) => text)).toEqual([
      "packages/a/src/a.ts: TS2322 Type 'number' is not assignable to type 'string'.",
    ]);
    expect(one?.reading.covered).toContain('packages/a/src/a.ts');
    expect(other).toMatchObject({ exitCode: 0, reading: { diagnostics: [], partial: undefined } });
    expect(other?.tail).toBe('');
    expect(await place?.checkout.changes()).toMatchObject({ files: [] });
  });

  test('errors of syntax, which keep the compiler from looking further', async () => {
    const files = {
      'package.json': '{}',
      'tsconfig.json': '{ "compilerOptions": { "types": [], "noEmit": true } }',
      'src/a.ts': 'const a = ;\n',
    };
    const { outcomes } = await say('types', files, { packages: ['typescript'] });
    expect(outcomes[0]?.reading.partial).toContain('Errors of syntax');
  });

  test('a build by its exit code', async () => {
    const files = { 'package.json': '{ "scripts": { "build": "node -e \'process.exit(4)\'" } }' };
    expect((await say('build', files, { packages: [] })).outcomes[0]?.exitCode).toBe(4);
  });
});
