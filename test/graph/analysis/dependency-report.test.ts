import { afterAll, describe, expect, test } from 'vitest';
import { GitReader } from '../../../src/git/index.ts';
import { FileSweep } from '../../../src/graph/file-sweep.ts';
import { MetricPool } from '../../../src/graph/metrics/metric-pool.ts';
import { factFindings } from '../../../src/graph/query/fact-findings.ts';
import { answerReport } from '../../../src/graph/query/report-answer.ts';
import { reportInputSchema } from '../../../src/graph/report-schema.ts';
import { renderReport } from '../../../src/graph/report-text.ts';
import { viewOf } from '../../support/sample-graph.ts';
import { workspace } from '../discovery/workspace-fixture.ts';
import type { Files } from '../discovery/workspace-fixture.ts';
import { extractFolder } from '../engine/extract-folder.ts';

const metrics = new MetricPool({ maxFileBytes: 1_000_000 });
afterAll(() => metrics.close());

const COVERAGE = { engine: 'ts-morph', typed: 1, syntax: 0, unresolved: 0, pending: 0, truncated: false } as const;

async function linesOf(files: Files): Promise<string[]> {
  const root = workspace(files);
  const { columns } = await extractFolder(root);
  const view = viewOf(columns);
  const counts = { files: 1, typed: 1, syntax: 0, unresolved: 0, nodes: columns.nodes.count, edges: 0 };
  const about = {
    root,
    runId: 'r',
    engine: columns.engine,
    unresolvedPackages: [],
    warnings: [],
    revision: 0,
    nodeRows: 0,
    fileRows: 0,
  };
  const summary = { generation: 1, publishedAt: '2026-01-01T00:00:00.000Z', ...about, ...counts };
  const open = { root, view, summary, sweep: new FileSweep(root, columns.files, () => 0) };
  const findings = await factFindings(open, 'dependencies', { metrics, git: new GitReader() });
  const { body } = answerReport(view, reportInputSchema.parse({ report: 'dependencies' }), findings);
  const answer = { ...body, workspace: root, generation: 1, indexedAt: '', coverage: COVERAGE };
  return renderReport(answer)
    .split('\n')
    .slice(1, 1 + body.findings.length);
}

/** Installed, with these commands and peers. */
function installed(name: string, manifest: object = {}): Files {
  return { [`node_modules/${name}/package.json`]: { name, ...manifest } };
}

function manifestOf(dependencies: readonly string[], others: object = {}): object {
  return {
    name: 'shop',
    private: true,
    dependencies: Object.fromEntries(dependencies.map((name) => [name, '1'])),
    ...others,
  };
}

describe('dependencies', () => {
  test('are used by imports of all kinds, and undeclared when no manifest names them', async () => {
    const names = ['stat', 'dyn', 'req', 'res', 'typ', 'ref', 'mocked', '@s/sub', 'jsxlib', 'left'];
    const lines = await linesOf({
      'package.json': manifestOf(names),
      ...Object.fromEntries(names.flatMap((name) => Object.entries(installed(name)))),
      'tsconfig.json': { compilerOptions: { paths: { '@app/*': ['./src/*'] }, jsx: 'preserve' } },
      'src/main.ts': `/// <reference types="ref" />
import 'stat';
import fs from 'node:fs';
import path from 'path';
import { other } from '@app/other';
import '@s/sub/deep/file.js?raw';
import missing from 'missing/deep';
import '#internal';
export type T = import('typ').T;
export const load = () => [import('dyn'), require('req'), require.resolve('res'), fs, path, other, missing];
`,
      'src/other.ts': `import type { Shape } from 'shapes';\nimport 'missing';\nexport const other: Shape = 1;\n`,
      'src/view.tsx': `/** @jsxImportSource jsxlib */\nexport const view = <a />;\n`,
      'src/main.test.ts': `vi.mock('mocked');\n`,
    });
    expect(lines).toMatchInlineSnapshot(`
      [
        "dependency missing src/main.ts:7 - used, in 2 files, but not declared in package.json",
        "dependency left package.json:1 - in dependencies, but no source, script or configuration names it",
        "? dependency shapes src/other.ts:1 - used, but not declared in package.json (types only)",
      ]
    `);
  });

  test('are used by scripts, configurations, types and compilers as well; what only may be so is uncertain', async () => {
    const lines = await linesOf({
      'package.json': manifestOf(['runtime', 'idle'], {
        scripts: { build: 'bundle --all && npx other-tool' },
        devDependencies: {
          bundler: '1',
          '@types/runtime': '1',
          '@types/node': '1',
          '@types/globals': '1',
          'eslint-plugin-neat': '1',
          'preset-x': '1',
          'bundler-plugin-y': '1',
          tslib: '1',
          typescript: '1',
          elsewhere: '1',
        },
        optionalDependencies: { maybe: '1' },
        peerDependencies: { host: '1' },
      }),
      ...installed('idle'),
      ...installed('tslib'),
      ...installed('bundler', { bin: { bundle: './cli.js' } }),
      ...installed('bundler-plugin-y', { peerDependencies: { bundler: '*' } }),
      ...installed('@types/globals'),
      'tsconfig.json': { extends: 'preset-x/tsconfig.json' },
      '.eslintrc.json': { plugins: ['neat'] },
      'src/main.ts': `import 'runtime';\n`,
    });
    expect(lines).toMatchInlineSnapshot(`
      [
        "dependency idle package.json:1 - in dependencies, but no source, script or configuration names it",
        "? dependency maybe package.json:1 - in optionalDependencies, but no source, script or configuration names it; optional, so it may be loaded by a name made at run time",
        "? dependency @types/globals package.json:1 - in devDependencies, but no source, script or configuration names it; its types may be global",
        "? dependency bundler-plugin-y package.json:1 - in devDependencies, but no source, script or configuration names it; it works with bundler, which may load it by itself",
        "? dependency tslib package.json:1 - in devDependencies, but no source, script or configuration names it; a compiler may add it",
        "? dependency elsewhere package.json:1 - in devDependencies, but no source, script or configuration names it; not installed, so its commands are unknown",
      ]
    `);
  });

  test('of packages in one workspace are looked for in the nearest manifest', async () => {
    const lines = await linesOf({
      'package.json': {
        name: 'all',
        private: true,
        workspaces: ['packages/*'],
        devDependencies: { shared: '1', runner: '1' },
      },
      ...installed('shared'),
      ...installed('runner'),
      'packages/a/package.json': { name: '@w/a', devDependencies: { late: '1' } },
      'packages/a/src/index.ts': `import 'shared';\nimport 'late';\nimport '@w/b';\nimport '@w/a/self';\n`,
      'packages/a/src/index.test.ts': `import 'runner';\n`,
      'packages/b/package.json': { name: '@w/b' },
      'packages/b/src/index.ts': `export {};\n`,
      'packages/b/fixtures/x.ts': `import 'anything';\n`,
    });
    expect(lines).toMatchInlineSnapshot(`
      [
        "? dependency shared packages/a/src/index.ts:1 - used, but not declared in packages/a/package.json, only in package.json",
        "? dependency late packages/a/src/index.ts:2 - used at run time, but only among the devDependencies; right if it is bundled",
        "? dependency @w/b packages/a/src/index.ts:3 - used, but not declared in packages/a/package.json; a package of this workspace",
      ]
    `);
  });
});
