import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openAppClient } from '../../support/app-client.ts';
import type { AppClient } from '../../support/app-client.ts';

const runIdOf = (structured: unknown): string =>
  z.object({ run: z.object({ runId: z.string() }) }).parse(structured).run.runId;

describe('graph_index', () => {
  let app: AppClient;

  beforeAll(async () => {
    app = await openAppClient({ isIndexed: false });
  });

  afterAll(() => app.close());

  it('returns a run at once; when it completes, questions are answered', async () => {
    const before = await app.call('graph_search', { query: 'cart' });
    expect(before).toMatchObject({ isError: true });
    expect(before.text).toContain('graph_index');
    const answer = await app.call('graph_index');
    expect(answer.isError).toBe(false);
    const runId = runIdOf(answer.structured);
    expect(answer.text).toContain(`next: run_get {"runId":"${runId}"}`);
    const run = await app.services.runs.waitFor(runId);
    expect(run).toMatchObject({ status: 'completed', result: { files: 3, typed: 3, skipped: 0 } });
    expect(await app.call('graph_search', { query: 'cart' })).toMatchObject({ isError: false });
  });

  it('refuses a folder outside the allowed roots and says which are allowed', async () => {
    const answer = await app.call('graph_index', { workspace: tmpdir() });
    expect(answer.isError).toBe(true);
    expect(answer.text).toContain(tmpdir());
    expect(answer.text).toContain('workspaces.roots');
  });

  it('says which folder does not exist', async () => {
    const missing = join(tmpdir(), 'lightdom-there-is-no-such-folder');
    const answer = await app.call('graph_index', { workspace: missing });
    expect(answer.isError).toBe(true);
    expect(answer.text).toContain(missing);
  });
});
