import { afterAll, describe, expect, test } from 'vitest';
import { GitReader } from '../../../src/git/index.ts';
import { MetricPool } from '../../../src/graph/metrics/metric-pool.ts';
import { factFindings } from '../../../src/graph/query/fact-findings.ts';
import { answerReport } from '../../../src/graph/query/report-answer.ts';
import { reportInputSchema } from '../../../src/graph/report-schema.ts';
import { indexedRepository } from '../changes/indexed-repository.ts';
import type { IndexedRepository } from '../changes/indexed-repository.ts';

const metrics = new MetricPool({ maxFileBytes: 1_000_000 });
afterAll(() => metrics.close());

async function reportOf(repository: IndexedRepository, report: 'hotspots' | 'co_change') {
  const open = await repository.index();
  const findings = await factFindings(open, report, { metrics, git: new GitReader() });
  const { body } = answerReport(open.view, reportInputSchema.parse({ report }), findings);
  const lines = body.findings.map(({ path, places, reason }) => `${places?.join(' + ') ?? path} - ${reason}`);
  return { lines, note: body.note };
}

const SIMPLE = 'export const one = 1;\n';
const branchy = (turn: number): string =>
  `export function pick(n: number) { if (n > ${turn}) { for (;;) { if (n) return n; } } return 0; }\n`;

describe('reports on the history', () => {
  test('hotspots are files that are changed often and hard to understand', async () => {
    const repository = await indexedRepository({
      'src/hot.ts': branchy(0),
      'src/cold.ts': branchy(0),
      'src/plain.ts': SIMPLE,
    });
    for (let turn = 1; turn < 4; turn += 1) {
      repository.write({
        'src/hot.ts': branchy(turn),
        'src/plain.ts': SIMPLE.repeat(turn + 1),
        'README.md': `${turn}`,
      });
      repository.commit(`turn ${turn}`);
    }
    repository.write(Object.fromEntries(Array.from({ length: 51 }, (_, at) => [`bulk/${at}.ts`, SIMPLE])));
    repository.commit('bulk');
    const { lines, note } = await reportOf(repository, 'hotspots');
    expect(lines).toEqual(['src/hot.ts - 1.00: 4 commits, cognitive 6 in 1 functions']);
    expect(note).toContain('4 commits in the 12 months up to');
    expect(note).toContain('1 commits of more than 50 files left out');
  });

  test('files that change together are told apart by what the code says of them', async () => {
    const repository = await indexedRepository({ 'seed.ts': SIMPLE });
    for (let turn = 1; turn < 7; turn += 1) {
      const value = `export const value = ${turn};\n`;
      repository.write({
        'src/api/routes.ts': value,
        'src/web/pages.ts': value,
        'src/web/menu.ts': `import { value } from './pages';\nexport const menu = value + ${turn};\n`,
        'test/routes.test.ts': `test('t', () => ${turn});\n`,
      });
      repository.commit(`turn ${turn}`);
      repository.write({ [`src/other${turn}.ts`]: value });
      repository.commit(`other ${turn}`);
    }
    const { lines, note } = await reportOf(repository, 'co_change');
    expect(lines).toMatchInlineSnapshot(`
      [
        "src/api/routes.ts + src/web/menu.ts - 6 commits, 100 % of those of the first, 2.2 times chance; nothing in the code says why",
        "src/api/routes.ts + src/web/pages.ts - 6 commits, 100 % of those of the first, 2.2 times chance; nothing in the code says why",
        "src/web/menu.ts + test/routes.test.ts - 6 commits, 100 % of those of the first, 2.2 times chance; nothing in the code says why",
        "src/web/pages.ts + test/routes.test.ts - 6 commits, 100 % of those of the first, 2.2 times chance; nothing in the code says why",
        "src/api/routes.ts + test/routes.test.ts - 6 commits, 100 % of those of the first, 2.2 times chance; they have the same name",
        "src/web/menu.ts + src/web/pages.ts - 6 commits, 100 % of those of the first, 2.2 times chance; one uses the other",
      ]
    `);
    expect(note).toMatch(/1 explained by a use, 1 by their names, 0 by their folder, 4 by nothing/);
  });
});
