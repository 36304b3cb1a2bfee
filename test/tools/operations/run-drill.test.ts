import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openAppClient } from '../../support/app-client.ts';
import type { AppClient } from '../../support/app-client.ts';

const answerSchema = z.object({ run: z.object({ runId: z.string() }) });

describe('run_drill', () => {
  let app: AppClient;

  beforeAll(async () => {
    app = await openAppClient({ isIndexed: false });
  });

  afterAll(() => app.close());

  it('is not listed, starts a drill and returns its run; each row is stored once', async () => {
    const { tools } = await app.client.listTools();
    expect(tools.map(({ name }) => name)).not.toContain('run_drill');
    const answer = await app.call('run_drill', { operations: 5_000, chunks: 4 });
    expect(answer.isError).toBe(false);
    const { runId } = answerSchema.parse(answer.structured).run;
    expect(answer.text).toContain(`next: run_get {"runId":"${runId}"}`);
    const ended = await app.services.runs.waitFor(runId);
    expect(ended).toMatchObject({ status: 'completed', result: { rows: 5_000, distinct: 5_000 } });
    const shown = await app.call('run_get', { runId });
    expect(shown.text).toContain('4 parts: 4 completed\n');
    expect(shown.text).toMatch(new RegExp(`\\nnext: run_list \\{"parentRunId":"${runId}"\\}$`));
    const parts = await app.call('run_list', { parentRunId: runId, status: 'completed' });
    expect(parts.text.split('\n')).toHaveLength(4);
    expect(parts.text).toContain(`drill_chunk completed "Operations 0 to 1249" part-of=${runId}`);
  });

  it.each([
    [{ operations: -1 }, '"operations" is -1, but must be at least 1'],
    [{ operations: 2.5 }, '"operations" is 2.5, but must be an integer'],
    [{ operations: 10, chunks: 0 }, '"chunks" is 0, but must be at least 1'],
    [{ operations: 10, seed: -1 }, '"seed" is -1, but must be at least 0'],
    [{}, '"operations" is missing'],
  ])('refuses %j', async (input, text) => {
    const answer = await app.call('run_drill', input);
    expect(answer.isError).toBe(true);
    expect(answer.text).toContain(text);
  });
});
