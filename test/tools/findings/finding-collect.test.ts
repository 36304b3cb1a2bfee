import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createRepository } from '../../git/git-repository.ts';
import type { GitRepository } from '../../git/git-repository.ts';
import { openAppClient } from '../../support/app-client.ts';
import type { AppClient } from '../../support/app-client.ts';

const MODULES = fileURLToPath(new URL('../../../node_modules', import.meta.url));
const TSCONFIG = JSON.stringify({
  compilerOptions: { strict: true, composite: true, module: 'nodenext', target: 'es2022', types: [], outDir: 'out' },
  include: ['src'],
});
const EVEN = `import { isOdd } from './odd.ts';\nexport const isEven = (n: number): boolean => n === 0 || isOdd(n - 1);\n`;
const ODD = `import { isEven } from './even.ts';\nexport const isOdd = (n: number): boolean => n !== 0 && isEven(n - 1);\n`;
const WRONG = `export const count: number = 'three';\n`;

const startedSchema = z.object({ run: z.object({ runId: z.string() }) });
const listSchema = z.object({
  findings: z.array(
    z.object({ findingId: z.string(), rule: z.string(), path: z.string(), line: z.number().optional() }),
  ),
});

describe('finding_collect', () => {
  let repository: GitRepository;
  let app: AppClient;

  beforeAll(async () => {
    repository = createRepository({
      'tsconfig.json': TSCONFIG,
      'package.json': '{ "name": "w", "type": "module" }',
      'src/even.ts': EVEN,
      'src/odd.ts': ODD,
      'src/wrong.ts': WRONG,
      'tools/tsconfig.json': '{ "files": [], "references": [{ "path": "./tsconfig.tool.json" }] }',
      'tools/tsconfig.tool.json': '{ "compilerOptions": { "strict": true, "types": [] }, "files": ["tool.ts"] }',
      'tools/tool.ts': 'export const f = (x) => x;\n',
      '.gitignore': 'node_modules\n',
    });
    app = await openAppClient({ workspace: repository.root });
  });

  afterAll(async () => {
    await app.close();
    repository.remove();
  });

  const collect = async () => {
    const { runId } = startedSchema.parse((await app.call('finding_collect')).structured).run;
    const run = await app.services.runs.waitFor(runId);
    expect(run).toMatchObject({ status: 'completed', kind: 'findings_collect' });
    return run.result;
  };
  const listed = async (args: Record<string, unknown> = {}) =>
    listSchema.parse((await app.call('finding_list', args)).structured).findings;

  it('asks the graph and the compiler, and says why the linters were not run', async () => {
    const first = await collect();
    expect(first).toMatchObject({
      fixed: 0,
      reopened: 0,
      sources: {
        graph: { state: 'complete' },
        typescript: { state: 'complete' },
        oxlint: { state: 'not_run', notes: ['not configured: the workspace has no configuration of oxlint'] },
        eslint: { state: 'not_run' },
      },
    });
    const lines = (await app.call('finding_list')).text.replaceAll(/ [0-9a-f]{32}/g, '');
    expect(lines).toMatchInlineSnapshot(`
      "9 findings (of all: 9 open, 0 fixed, 0 ignored)
      high ts/5097 src/even.ts:1 An import path can only end with a '.ts' extension when 'allowImportingTsExtensions' is enabled.
      high ts/5097 src/odd.ts:1 An import path can only end with a '.ts' extension when 'allowImportingTsExtensions' is enabled.
      high ts/2322 src/wrong.ts:1 Type 'string' is not assignable to type 'number'.
      high ts/7006 tools/tool.ts:1 Parameter 'x' implicitly has an 'any' type.
      medium graph/import-cycle src/even.ts:1 Import cycle: src/even.ts → src/odd.ts → src/even.ts
      low graph/dead-code src/even.ts:1 file src/even.ts: imported only by files that nothing loads: src/odd.ts
      low graph/dead-code src/odd.ts:1 file src/odd.ts: imported only by files that nothing loads: src/even.ts
      info graph/dead-code src/wrong.ts:1 file src/wrong.ts: no file imports it; no test, entry, script or config by its name
      info graph/dead-code tools/tool.ts:1 file tools/tool.ts: no file imports it; no test, entry, script or config by its name"
    `);
  });

  it('writes nothing into the workspace', () => {
    expect(repository.git('status', '--short')).toBe('');
  });

  it('knows a finding again when lines above it were added, and notices what is gone', async () => {
    const [before] = await listed({ rule: 'ts/2322' });
    repository.write({ 'src/wrong.ts': `\n\n\n${WRONG}`, 'tools/tool.ts': 'export const f = (x: number) => x;\n' });
    expect(await collect()).toMatchObject({ fresh: 0, fixed: 1, reopened: 0 });
    expect(await listed({ rule: 'ts/2322' })).toMatchObject([{ findingId: before?.findingId, line: 4 }]);
    expect(await listed({ state: 'fixed' })).toMatchObject([{ rule: 'ts/7006', path: 'tools/tool.ts' }]);
  });

  it('opens again what comes back, and leaves alone what is ignored', async () => {
    const [cycle] = await listed({ rule: 'graph/import-cycle' });
    await app.call('finding_update', { findingId: cycle?.findingId, action: 'ignore', reason: 'meant so' });
    repository.write({ 'tools/tool.ts': 'export const f = (x) => x;\n' });
    expect(await collect()).toMatchObject({ fresh: 0, reopened: 1, ignored: 1, fixed: 0 });
    expect(await listed({ state: 'ignored' })).toMatchObject([{ findingId: cycle?.findingId }]);
    expect(await listed({ state: 'fixed' })).toEqual([]);
  });

  it('takes nothing for fixed that a source could not look at', async () => {
    repository.write({ 'tsconfig.json': '{ "extends": "./nowhere.json", "include": ["src"] }' });
    const result = await collect();
    expect(result).toMatchObject({ fixed: 0, sources: { typescript: { state: 'partial' } } });
    expect(JSON.stringify(result)).toContain('nowhere.json');
    expect(await listed({ rule: 'ts/2322' })).toHaveLength(1);
    repository.write({ 'tsconfig.json': TSCONFIG });
  });

  it("runs the workspace's own linter with its own configuration, where it is installed", async () => {
    repository.write({
      '.oxlintrc.json': '{ "rules": { "no-debugger": "error" } }',
      'src/halt.ts': 'export function halt(): void {\n  debugger;\n}\n',
    });
    expect(await collect()).toMatchObject({
      sources: { oxlint: { state: 'not_run', notes: ['configured, but oxlint is not installed in the workspace'] } },
    });
    mkdirSync(join(repository.root, 'node_modules'));
    symlinkSync(join(MODULES, 'oxlint'), join(repository.root, 'node_modules/oxlint'));
    expect(await collect()).toMatchObject({ sources: { oxlint: { state: 'complete', found: 1 } } });
    expect(await listed({ source: 'oxlint' })).toMatchObject([
      { rule: 'oxlint/eslint(no-debugger)', path: 'src/halt.ts', line: 2 },
    ]);
  });

  it('refuses a second collection while one is under way', async () => {
    const starts = await Promise.all([app.call('finding_collect'), app.call('finding_collect')]);
    expect(starts.filter(({ isError }) => isError)).toHaveLength(1);
    expect(starts.find(({ isError }) => isError)?.text).toContain('are being collected already');
    const started = starts.find(({ isError }) => !isError);
    const { runId } = startedSchema.parse(started?.structured).run;
    await app.services.runs.control(runId, { action: 'cancel' });
    expect((await app.services.runs.waitFor(runId)).status).toBe('cancelled');
  });
});
