import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { BaseRuns } from '../../../../src/agent/verify/gates/gate-run.ts';
import { verifyChange } from '../../../../src/agent/verify/verify-change.ts';
import { CheckoutService } from '../../../../src/checkouts/checkout-runtime.ts';
import { createLog } from '../../../../src/core/log.ts';
import { createRunIsolated } from '../../../../src/core/process/index.ts';
import { createRepository } from '../../../git/git-repository.ts';

const MODULES = fileURLToPath(new URL('../../../../node_modules', import.meta.url));

/** Types by the compiler, tests by vitest with a configuration, which it may not compile into node_modules. */
const FILES = {
  '.gitignore': 'node_modules\n',
  'package.json': '{ "type": "module", "scripts": { "test": "vitest" } }',
  'tsconfig.json': JSON.stringify({
    compilerOptions: { strict: true, noEmit: true, composite: true, module: 'nodenext', types: [], target: 'es2022' },
    include: ['src'],
    exclude: ['src/**/*.test.ts'],
  }),
  'vitest.config.ts':
    "import { defineConfig } from 'vitest/config';\nexport default defineConfig({ test: { include: ['src/**/*.test.ts'] } });\n",
  'src/sum.ts': 'export function sum(a: number, b: number): number {\n  return a + b;\n}\n',
  'src/sum.test.ts':
    "import { expect, test } from 'vitest';\nimport { sum } from './sum.ts';\ntest('adds', () => { expect(sum(1, 2)).toBe(3); });\n",
};

test(
  'a change is judged shut in, in a checkout of a repository, which stays as it is',
  { timeout: 180_000 },
  async () => {
    const repository = createRepository(FILES);
    const dataDir = realpathSync(mkdtempSync(join(tmpdir(), 'lightdom-verify-')));
    const service = new CheckoutService({
      dataDir,
      log: createLog({ level: 'silent' }),
      runIsolated: createRunIsolated(),
    });
    onTestFinished(async () => {
      await service.close();
      repository.remove();
      rmSync(dataDir, { recursive: true, force: true });
    });
    mkdirSync(join(repository.root, 'node_modules'));
    for (const name of ['typescript', 'vitest', 'vite']) {
      symlinkSync(realpathSync(join(MODULES, name)), join(repository.root, 'node_modules', name));
    }
    const before = repository.git('status', '--porcelain', '--ignored');
    const checkout = await service.open({ workspace: repository.root, branch: 'agent/sum' });
    const judge = (text: string) =>
      verifyChange({
        checkout,
        target: { source: 'typescript', rule: 'ts/0', path: 'src/sum.ts', message: 'none' },
        edits: [{ path: 'src/sum.ts', text }],
        plan: { strength: { maxMutants: 2, budgetMs: 60_000 } },
        budget: { totalMs: 120_000, gateMs: 60_000 },
        seed: 1,
        baseRuns: new BaseRuns(),
        signal: new AbortController().signal,
      });
    const good = await judge(FILES['src/sum.ts'].replace('a + b', 'b + a'));
    expect(good.gates.map(({ kind, verdict, reason }) => [kind, verdict, reason])).toEqual([
      ['types', 'passed', undefined],
      ['lint', 'not_run', 'No linter is configured that reads the changed files.'],
      ['tests', 'passed', undefined],
    ]);
    expect(good).toMatchObject({ verdict: 'verified', strength: { mutants: 2, killed: 2 } });
    const { files } = await checkout.changes();
    expect(files).toEqual([{ path: 'src/sum.ts', status: 'modified' }]);
    const bad = await judge(FILES['src/sum.ts'].replace('a + b', 'a - b'));
    expect(bad.verdict).toBe('failed');
    expect(bad.gates[2]?.added).toEqual([
      'src/sum.test.ts › adds: AssertionError: expected -1 to be 3 // Object.is equality',
    ]);
    expect(repository.git('status', '--porcelain', '--ignored')).toBe(before);
  },
);
