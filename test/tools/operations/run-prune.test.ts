import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAppClient } from '../../support/app-client.ts';
import type { AppClient } from '../../support/app-client.ts';

describe('run_prune', () => {
  let app: AppClient;

  beforeAll(async () => {
    app = await openAppClient();
  });

  afterAll(() => app.close());

  it('only counts unless it is told otherwise, and leaves young runs alone', async () => {
    const counted = await app.call('run_prune', { olderThanDays: 0 });
    expect(counted.text).toBe('1 run that ended more than 0 days ago would be deleted');
    const young = await app.call('run_prune', { olderThanDays: 1, dryRun: false });
    expect(young.structured).toEqual({ runs: 0, olderThanDays: 1, dryRun: false });
    const configured = await app.call('run_prune');
    expect(configured.structured).toEqual({ runs: 0, olderThanDays: 30, dryRun: true });
    expect((await app.services.runs.list()).runs).toHaveLength(1);
  });

  it('deletes runs with their parts and logs', async () => {
    const drill = await app.services.runs.start('drill', { operations: 10, chunks: 2, seed: 1, keep: true });
    await app.services.runs.waitFor(drill.runId);
    const planned = await app.call('run_prune', { olderThanDays: 0, dryRun: false });
    expect(planned.text).toContain('Planned: Delete 4 runs that ended more than 0 days ago');
    expect((await app.services.runs.list()).runs).not.toEqual([]);
    const answer = await app.callAgreed('run_prune', { olderThanDays: 0, dryRun: false });
    expect(answer.text).toBe('4 runs that ended more than 0 days ago were deleted');
    expect((await app.services.runs.list()).runs).toEqual([]);
    expect(await app.call('run_log', { runId: drill.runId })).toMatchObject({ isError: true });
  });

  it('refuses an age below 0', async () => {
    const answer = await app.call('run_prune', { olderThanDays: -1, dryRun: false });
    expect(answer.isError).toBe(true);
    expect(answer.text).toContain('"olderThanDays" is -1, but must be at least 0');
  });
});
