import { describe, expect, test } from 'vitest';
import { planGates } from '../../../src/agent/verify/gates/gate-plan.ts';
import type { PlanRequest } from '../../../src/agent/verify/gates/gate-plan.ts';
import type { PlannedGate } from '../../../src/agent/verify/gates/planned-gate.ts';
import { lastCommand } from '../../../src/agent/verify/gates/script-words.ts';

/** Everything is installed, but for packages that are named. */
function plan(
  files: Readonly<Record<string, string>>,
  request: Partial<PlanRequest> = {},
  absent: readonly string[] = [],
): Promise<readonly PlannedGate[]> {
  const place = {
    files: Object.keys(files),
    findText: async (path: string) => files[path],
    findBin: (_folder: string, name: string) =>
      absent.includes(name) ? undefined : { script: `/w/node_modules/${name}/bin.js`, version: '4.0.0' },
    binFolders: (folder: string) => [`/w/${folder}/node_modules/.bin`],
  };
  const changed = request.changed ?? ['src/a.ts'];
  return planGates(place, { changed, lintable: changed, tests: undefined, build: false, ...request });
}

const manifest = (scripts: Readonly<Record<string, string>>): string => JSON.stringify({ scripts });
const shown = (gates: readonly PlannedGate[], kind: string): string[] =>
  gates.filter((gate) => gate.kind === kind).map((gate) => (gate.state === 'ready' ? gate.command : gate.reason));

async function testCommand(script: string, selected: readonly string[] = []): Promise<string | undefined> {
  const gates = await plan({ 'package.json': manifest({ test: script, other: 'vitest run x' }) }, { tests: selected });
  const gate = gates.find(({ kind }) => kind === 'tests');
  return gate?.state === 'ready' ? `${gate.reader}: ${gate.command}` : gate?.reason;
}

describe('tests are planned by the script of the base', () => {
  test.each([
    ['vitest', 'suite_json: vitest run --configLoader=runner --reporter=json --coverage.enabled=false a.test.ts'],
    [
      'vitest run --project unit --reporter verbose --coverage',
      'suite_json: vitest run --project unit --configLoader=runner --reporter=json --coverage.enabled=false a.test.ts',
    ],
    ['jest --watch', 'suite_json: jest --ci --json --coverage=false --runTestsByPath a.test.ts'],
    ['jest src', 'suite_json: jest src --ci --json --coverage=false'],
    ['node --test', 'tap: node --test --test-reporter=tap a.test.ts'],
    ['node --import tsx --test test/*.ts', 'tap: node --import tsx --test --test-reporter=tap a.test.ts'],
    [
      'NODE_ENV=test npx mocha -r ts-node/register src/*.js',
      'mocha_json: mocha -r ts-node/register a.test.ts --reporter json',
    ],
    ['c8 ava', 'tap: ava --tap a.test.ts'],
    ['tap -R spec', 'tap: tap --reporter=tap a.test.ts'],
    [
      'npm run other -- --bail=1',
      'suite_json: vitest run x --bail=1 --configLoader=runner --reporter=json --coverage.enabled=false a.test.ts',
    ],
    ['tsc -b && node --test dist', 'tap: tsc -b && node --test --test-reporter=tap a.test.ts'],
    ['bun test', 'exit_code: bun test'],
    ['jest | tee log', 'exit_code: jest | tee log'],
    ['node run-tests.js', 'exit_code: node run-tests.js'],
    ['echo "Error: no test specified" && exit 1', 'package.json has no script of tests.'],
  ])('%s', async (script, expected) => {
    expect(await testCommand(script, ['a.test.ts'])).toBe(expected);
  });

  test('of which the file system may be asked only by a shell', async () => {
    const files = { 'package.json': manifest({ test: 'node --test test/*.js "a b"' }) };
    const [, , gate] = await plan(files, { tests: [] });
    expect(gate).toMatchObject({ file: 'sh', env: { CI: '1' } });
    expect(gate?.state === 'ready' ? gate.env['PATH'] : '').toMatch(/^\/w\/\.\/node_modules\/\.bin:/);
    const text = gate?.state === 'ready' ? gate.args[1] : '';
    expect(text).toMatch(/ --test --test-reporter=tap test\/\*\.js 'a b'$/);
  });

  test('of the package that was changed, where the root only starts the others', async () => {
    const files = {
      'package.json': manifest({ test: 'turbo run test' }),
      'packages/a/package.json': manifest({ test: 'vitest' }),
      'packages/b/package.json': manifest({ test: 'jest' }),
    };
    const request = { changed: ['packages/a/src/x.ts'], tests: ['packages/a/x.test.ts', 'packages/b/y.test.ts'] };
    const gates = await plan(files, request);
    expect(gates.find(({ kind }) => kind === 'tests')).toMatchObject({ cwd: 'packages/a' });
    expect(shown(gates, 'tests')).toEqual([
      'vitest run --configLoader=runner --reporter=json --coverage.enabled=false x.test.ts',
    ]);
  });

  test('and not where the runner is not installed', async () => {
    const gates = await plan({ 'package.json': manifest({ test: 'vitest' }) }, { tests: [] }, ['vitest']);
    expect(shown(gates, 'tests')).toEqual([
      'vitest is not installed in the workspace; nothing is installed to verify a change.',
    ]);
  });
});

describe('types are planned for the configurations that may see the change', () => {
  test('those of scripts first, then those around it, references in place of a solution', async () => {
    const gates = await plan(
      {
        'package.json': manifest({ typecheck: 'tsc -p tsconfig.check.json' }),
        'tsconfig.json':
          '{ "files": [], "references": [{ "path": "./packages/a" }, { "path": "tsconfig.node.json" }] }',
        'tsconfig.check.json': '{}',
        'tsconfig.node.json': '{}',
        'packages/a/tsconfig.json': '{ "extends": "../../base.json" }',
        'base.json': '{ "compilerOptions": { "composite": true, "checkJs": true } }',
        'packages/c/tsconfig.json': '{}',
        'packages/c/package.json': '{}',
        'test/fixtures/x/tsconfig.json': '{}',
        'test/fixtures/x/package.json': '{}',
      },
      { changed: ['packages/a/src/x.ts'] },
    );
    expect(shown(gates, 'types')).toEqual(
      ['tsconfig.check.json', 'packages/a/tsconfig.json', 'tsconfig.node.json', 'packages/c/tsconfig.json'].map(
        (config) => `tsc --noEmit -p ${config}`,
      ),
    );
    expect(gates[1]).toMatchObject({ checksScripts: true, leaves: '.lightdom.tsbuildinfo' });
    expect(gates[2]).toMatchObject({ checksScripts: false, leaves: undefined });
  });

  test('at most twelve of them, and it is said', async () => {
    const files: Record<string, string> = {};
    for (let index = 0; index < 20; index += 1) {
      files[`packages/p${index}/tsconfig.json`] = '{}';
      files[`packages/p${index}/package.json`] = '{}';
    }
    const types = shown(await plan(files), 'types');
    expect(types).toHaveLength(13);
    expect(types[12]).toBe('Only 12 of 20 configurations are checked.');
  });

  test('and why there are none', async () => {
    expect(shown(await plan({}), 'types')).toEqual(['There is no tsconfig.json.']);
  });
});

describe('linters are planned where they are configured and installed', () => {
  test('on changed files that they read', async () => {
    const files = {
      'package.json': manifest({ lint: 'eslint . --max-warnings=0' }),
      '.eslintrc.json': '{}',
      'biome.json': '{}',
    };
    const gates = await plan(files, { changed: ['src/a.ts', 'src/b.md'] }, ['@biomejs/biome']);
    expect(gates.filter(({ kind }) => kind === 'lint')).toMatchObject([
      { command: 'eslint src/a.ts', countsWarnings: true },
      { reason: 'biome is configured, but not installed in the workspace.' },
    ]);
  });
});

describe('the words of a script', () => {
  test.each(['a > b', 'a; b', '$X a', 'a `b`', 'a "b', 'a & b', '(a)', 'a "$X"'])(
    'are left to a shell: %s',
    (script) => {
      expect(lastCommand({ test: script }, 'test')).toBeUndefined();
    },
  );

  test('are taken with quotes, variables and what comes before', () => {
    expect(lastCommand({ test: `x 'a && b' && cross-env A=1 B="2 3" prog 'c d' e"f"*` }, 'test')).toEqual({
      env: { A: '1', B: '2 3' },
      program: 'prog',
      args: ['c d', 'ef*'],
      hasGlob: true,
      prefix: "x 'a && b'",
    });
  });

  test('end where scripts start one another in circles', () => {
    expect(lastCommand({ test: 'npm run a', a: 'npm test' }, 'test')).toBeUndefined();
  });
});
