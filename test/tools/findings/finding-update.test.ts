import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createRepository } from '../../git/git-repository.ts';
import type { GitRepository } from '../../git/git-repository.ts';
import { openAppClient } from '../../support/app-client.ts';
import type { AppClient } from '../../support/app-client.ts';

const listSchema = z.object({ findings: z.array(z.object({ findingId: z.string() })) });

describe('finding_update', () => {
  let repository: GitRepository;
  let app: AppClient;
  let findingId = '';

  beforeAll(async () => {
    repository = createRepository({
      'tsconfig.json': '{ "compilerOptions": { "strict": true, "types": [] } }',
      'a.ts': "export const a: number = 'a';\n",
    });
    app = await openAppClient({ workspace: repository.root, isIndexed: false });
    await collect();
    findingId = listSchema.parse((await app.call('finding_list')).structured).findings[0]?.findingId ?? '';
  });

  afterAll(async () => {
    await app.close();
    repository.remove();
  });

  const collect = async (): Promise<void> => {
    const { runId } = await app.services.findings.startCollect(undefined);
    await app.services.runs.waitFor(runId);
  };

  it('ignores for a reason, and reopens', async () => {
    const ignored = await app.call('finding_update', { findingId, action: 'ignore', reason: 'a demo' });
    expect(ignored.text).toContain('IGNORED: a demo');
    expect((await app.call('finding_list')).structured).toMatchObject({ total: 0, counts: { ignored: 1, open: 0 } });
    const reopened = await app.call('finding_update', { findingId, action: 'reopen' });
    expect(reopened.structured).toMatchObject({ finding: { state: 'open' } });
    expect(reopened.text).not.toContain('a demo');
  });

  it('wants a reason, and a finding that is there', async () => {
    const bare = await app.call('finding_update', { findingId, action: 'ignore' });
    expect(bare.text).toContain('Give `reason`');
    const unknown = await app.call('finding_update', { findingId: 'f1', action: 'reopen' });
    expect(unknown.text).toContain('There is no finding `f1`');
  });

  it('leaves alone what is fixed', async () => {
    repository.write({ 'a.ts': 'export const a: number = 1;\n' });
    await collect();
    const answer = await app.call('finding_update', { findingId, action: 'reopen' });
    expect(answer).toMatchObject({ isError: true });
    expect(answer.text).toContain('is fixed');
  });
});
