import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { graphFindings } from '../../../src/findings/sources/report-findings.ts';
import { createRepository } from '../../git/git-repository.ts';
import type { GitRepository } from '../../git/git-repository.ts';
import { openAppClient } from '../../support/app-client.ts';
import type { AppClient } from '../../support/app-client.ts';

/** Long enough to be no accident when it is there twice. */
const SAME = `(rows: readonly { name: string; price: number; count: number }[]): string[] {
  const lines: string[] = [];
  let total = 0;
  for (const row of rows) {
    const sum = row.price * row.count;
    if (sum > 100) lines.push(row.name.toUpperCase() + ': ' + sum.toFixed(2));
    else lines.push(row.name.toLowerCase() + ' - ' + sum.toFixed(3));
    total += sum;
  }
  lines.push('total ' + total.toFixed(2), 'mean ' + (total / rows.length).toFixed(2));
  return lines.toSorted((a, b) => a.length - b.length);
}
`;

describe('findings of reports', () => {
  let repository: GitRepository;
  let app: AppClient;

  beforeAll(async () => {
    const files: Record<string, string> = {};
    for (let at = 0; at <= 50; at += 1) {
      files[`many/m${at}.ts`] =
        at < 10
          ? `import { bare } from '../web/bare';\nexport const m${at} = () => bare();\n`
          : `export const m${at} = ${at};\n`;
    }
    repository = createRepository({
      'tsconfig.json': '{ "compilerOptions": { "strict": true, "module": "esnext", "moduleResolution": "bundler" } }',
      'package.json': '{ "private": true, "dependencies": { "left-pad": "1.0.0" } }',
      'core/base.ts': "import { page } from '../web/page';\nexport const base = page;\n",
      'web/page.ts': 'export const page = 1;\n',
      'web/bare.ts': 'export function bare(): number {\n  return 1;\n}\n',
      'many/copy.ts': `export function first${SAME}`,
      'web/copy.ts': `export function second${SAME}`,
      ...files,
    });
    app = await openAppClient({ workspace: repository.root });
  });

  afterAll(async () => {
    await app.close();
    repository.remove();
  });

  const ask = (layers: readonly string[]) =>
    graphFindings({ graph: app.services.graph, root: repository.root, layers });

  test('hold what breaks a configured layer, and folders with more than 50 files', async () => {
    const { state, found } = await ask(['core/** !> web/**']);
    expect(state).toBe('complete');
    const architecture = found.filter(({ category }) => category === 'architecture');
    expect(architecture.map(({ rule, severity, path }) => `${severity} ${rule} ${path}`)).toEqual([
      'low graph/crowded-folder many',
      'high graph/layer core/base.ts',
    ]);
  });

  test('hold packages that nothing names, known by their manifest and not by a symbol', async () => {
    const packages = (await ask([])).found.filter(({ rule }) => rule.endsWith('-dependency'));
    expect(packages).toMatchObject([
      { rule: 'graph/unused-dependency', path: 'package.json', line: 1, symbol: 'left-pad' },
    ]);
    expect(packages[0]?.nodeId).toBeUndefined();
  });

  test('hold what many files use and no comment describes', async () => {
    const bare = (await ask([])).found.filter(({ rule }) => rule === 'graph/missing-docs');
    expect(bare).toMatchObject([{ severity: 'info', path: 'web/bare.ts', line: 1, symbol: 'bare' }]);
    expect(bare[0]?.message).toBe('function bare has no comment, and is used by 10 symbols in 10 files');
  });

  test('hold code that stands in several places', async () => {
    const clones = (await ask([])).found.filter(({ category }) => category === 'duplication');
    expect(clones.map(({ rule, severity, message }) => `${severity} ${rule} ${message}`)).toEqual([
      expect.stringMatching(/^(?:low|info) graph\/clone .*many\/copy\.ts, web\/copy\.ts$/),
    ]);
  });

  test('say that layers were not checked, for want of rules or for one that is none', async () => {
    expect((await ask([])).notes[0]).toBe('layers: not checked, graph.layers is not configured');
    const { state, notes, found } = await ask(['core/** may not see web/**']);
    expect(state).toBe('partial');
    expect(notes).toContain('layers: not checked, `core/** may not see web/**` is not a layering rule.');
    expect(found.length).toBeGreaterThan(0);
  });
});
