import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createRepository } from '../../git/git-repository.ts';
import type { GitRepository } from '../../git/git-repository.ts';
import { openAppClient } from '../../support/app-client.ts';
import type { AppClient } from '../../support/app-client.ts';

const pageSchema = z.object({
  total: z.number(),
  nextCursor: z.string().optional(),
  findings: z.array(z.object({ findingId: z.string(), path: z.string(), severity: z.string() })),
});

describe('finding_list', () => {
  let repository: GitRepository;
  let app: AppClient;

  beforeAll(async () => {
    repository = createRepository({
      'tsconfig.json': '{ "compilerOptions": { "strict": true, "types": [] }, "include": ["src"] }',
      'lib/tsconfig.json': '{ "compilerOptions": { "types": [] } }',
      'lib/syntax.ts': 'export const x = ;\n',
      'src/types.ts': "export const a: number = 'a';\nexport const b: string = 2;\n",
      'src/odd.ts': "export const c: number = 'a';\n",
    });
    app = await openAppClient({ workspace: repository.root });
  });

  afterAll(async () => {
    await app.close();
    repository.remove();
  });

  const ask = async (args: Record<string, unknown> = {}) =>
    pageSchema.parse((await app.call('finding_list', { source: 'typescript', ...args })).structured);

  it('says when nothing was ever collected', async () => {
    const answer = await app.call('finding_list');
    expect(answer.isError).toBe(false);
    expect(answer.text).toMatchInlineSnapshot(`
      "0 findings (of all: 0 open, 0 fixed, 0 ignored)
      note: nothing was ever collected here: call finding_collect"
    `);
  });

  it('has the gravest first, in pages that hold every finding once', async () => {
    const { runId } = await app.services.findings.startCollect(undefined);
    await app.services.runs.waitFor(runId);
    const { findings: all, total } = await ask();
    expect(all.map(({ severity, path }) => `${severity} ${path}`)).toEqual([
      'critical lib/syntax.ts',
      'high src/odd.ts',
      'high src/types.ts',
      'high src/types.ts',
    ]);
    expect(total).toBe(4);
    for (const order of ['gravest', 'newest']) {
      const whole = await ask({ order });
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await ask({ order, limit: 1, ...(cursor !== undefined && { cursor }) });
        seen.push(...page.findings.map(({ findingId }) => findingId));
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      expect(seen).toEqual(whole.findings.map(({ findingId }) => findingId));
    }
  });

  it('keeps to a severity, a path and a state', async () => {
    expect((await ask({ severity: 'critical' })).total).toBe(1);
    expect((await ask({ path: 'src/**' })).total).toBe(3);
    expect((await ask({ path: 'src/o' })).findings).toMatchObject([{ path: 'src/odd.ts' }]);
    expect((await ask({ state: 'ignored' })).total).toBe(0);
  });

  it('refuses a cursor of another order', async () => {
    const { nextCursor } = await ask({ limit: 1 });
    const answer = await app.call('finding_list', {
      source: 'typescript',
      limit: 1,
      order: 'newest',
      cursor: nextCursor,
    });
    expect(answer.text).toContain('does not belong to this question');
  });
});
