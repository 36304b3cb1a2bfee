import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRepository } from '../../git/git-repository.ts';
import type { GitRepository } from '../../git/git-repository.ts';
import { openAppClient } from '../../support/app-client.ts';
import type { AppClient } from '../../support/app-client.ts';

describe('finding_recommend', () => {
  let repository: GitRepository;
  let app: AppClient;

  beforeAll(async () => {
    repository = createRepository({
      'tsconfig.json': '{ "compilerOptions": { "strict": true, "types": [] } }',
      'src/a.ts': "export const a: number = 'a';\nexport const b: number = 'b';\n",
      'src/b.ts': "export const c: number = 'a';\n",
      'src/c.ts': 'export function f(x) {\n  return x;\n}\n',
    });
    app = await openAppClient({ workspace: repository.root, isIndexed: false });
  });

  afterAll(async () => {
    await app.close();
    repository.remove();
  });

  it('invents nothing: without findings it says what to call', async () => {
    const answer = await app.call('finding_recommend');
    expect(answer.text).toContain('0 of 0 recommendations from 0 open findings');
    expect(answer.text).toContain('call finding_collect');
  });

  it('says what to do first, why, where, and by which formula', async () => {
    const { runId } = await app.services.findings.startCollect(undefined);
    await app.services.runs.waitFor(runId);
    const answer = await app.call('finding_recommend', { limit: 2 });
    expect(answer.isError).toBe(false);
    expect(answer.text).toMatchInlineSnapshot(`
      "2 of 2 recommendations from 3 open findings
      1. [80] Mend the errors of ts/7006
         why: 1 high; 1 occurrences in 1 files; e.g. Parameter 'x' implicitly has an 'any' type.
         where: src/c.ts (1)
         effect: 1 of 3 open findings fewer (33 %), 1 files without ts/7006
         effort: 0.5 h (0.5 h × 1 occurrences); score: base 10 (error_pattern) × impact 8 (worst is high) = 80
         - Begin with src/c.ts:1.
         - Collect again with finding_collect: what is mended becomes fixed. Ignore with finding_update what is meant so.
      2. [80] Mend the errors of ts/2322
         why: 2 high; 3 occurrences in 2 files; e.g. Type 'string' is not assignable to type 'number'.
         where: src/a.ts (1), src/b.ts (1)
         effect: 2 of 3 open findings fewer (67 %), 2 files without ts/2322
         effort: 1.5 h (0.5 h × 3 occurrences); score: base 10 (error_pattern) × impact 8 (worst is high) = 80
         - Begin with src/a.ts:1.
         - Collect again with finding_collect: what is mended becomes fixed. Ignore with finding_update what is meant so.
      note: not covered, since no source collects them: process flows"
    `);
    const part = await app.call('finding_recommend', { path: 'src/b.ts' });
    expect(part.structured).toMatchObject({ findings: 1, recommendations: [{ id: 'ts/2322' }] });
  });

  it('refuses a limit that is none', async () => {
    expect((await app.call('finding_recommend', { limit: 0 })).text).toContain('"limit" is 0');
  });
});
