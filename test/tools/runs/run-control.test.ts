import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { RUN_ACTIONS } from '../../../src/runs/index.ts';
import type { RunAction, RunStatus } from '../../../src/runs/index.ts';
import { openAppClient } from '../../support/app-client.ts';
import type { AppClient, CallAnswer } from '../../support/app-client.ts';

/** Long enough to be caught on the way. */
const LONG_DRILL = { operations: 50_000_000, chunks: 4, seed: 1, keep: false };

describe('run_control', () => {
  let app: AppClient;
  const started: string[] = [];

  beforeAll(async () => {
    app = await openAppClient();
  });

  afterEach(async () => {
    for (const runId of started.splice(0)) {
      if ((await app.services.runs.find(runId))?.status !== 'failed') await control(runId, 'cancel');
    }
  });

  afterAll(() => app.close());

  const control = (runId: string, action: RunAction, more: Record<string, unknown> = {}): Promise<CallAnswer> =>
    app.callAgreed('run_control', { runId, action, ...more });

  const drill = async (): Promise<string> => {
    const { runId } = await app.services.runs.start('drill', LONG_DRILL);
    started.push(runId);
    return runId;
  };

  const until = (runId: string, status: RunStatus): Promise<void> =>
    expect.poll(async () => (await app.services.runs.get(runId)).status, { timeout: 20_000 }).toBe(status);

  it('cancels a run that is under way; the graph that was there stays', async () => {
    const before = await app.services.graph.summary();
    const { runId } = await app.services.graph.startIndex({});
    const answer = await control(runId, 'cancel', { reason: 'not needed' });
    expect(answer).toMatchObject({ isError: false, structured: { run: { runId, status: 'cancelled' } } });
    const after = await app.services.graph.summary();
    expect(after.generation).toBe(before.generation);
    const again = await control(runId, 'cancel');
    expect(again).toMatchObject({ isError: false, structured: { run: { status: 'cancelled' } } });
  });

  it('pauses and resumes a run with its parts, keeps the reason, and moves it meanwhile', async () => {
    const runId = await drill();
    await until(runId, 'running');
    await expect.poll(async () => (await app.services.runs.listChildren(runId)).length).toBe(4);
    const paused = await control(runId, 'pause', { reason: 'lunch' });
    expect(paused).toMatchObject({ isError: false, structured: { run: { status: 'paused' } } });
    const shown = await app.call('run_get', { runId });
    expect(shown.text).toContain('4 parts: 4 paused');
    expect(shown.text).toContain('info paused: lunch');
    const moved = await control(runId, 'prioritize', { priority: 9 });
    expect(moved.text).toContain(' priority=9');
    const resumed = await control(runId, 'resume');
    expect(resumed).toMatchObject({ isError: false, structured: { run: { status: 'pending' } } });
    await until(runId, 'running');
    expect(await app.services.runs.get(runId)).toMatchObject({ attempt: 2 });
  });

  it('does nothing that ends a run before somebody agrees', async () => {
    const runId = await drill();
    await until(runId, 'running');
    const planned = await app.call('run_control', { runId, action: 'cancel' });
    expect(planned.text).toContain(`Planned: Cancel run ${runId} (drill, "`);
    expect(planned.text).toContain('call run_control again with the same input and this planId');
    expect((await app.services.runs.get(runId)).status).toBe('running');
  });

  it('cancels the parts with the run', async () => {
    const runId = await drill();
    await expect.poll(async () => (await app.services.runs.listChildren(runId)).length).toBe(4);
    await control(runId, 'cancel');
    const shown = await app.call('run_get', { runId });
    expect(shown.text).toContain('4 parts: 4 cancelled');
  });

  it('retries a failed run', async () => {
    const { runId } = await app.services.runs.start('drill', LONG_DRILL, { timeoutMs: 1 });
    started.push(runId);
    await until(runId, 'failed');
    const refused = await control(runId, 'resume');
    expect(refused.text).toContain(`Run \`${runId}\` is failed, so resume does not apply. Legal now: retry`);
    const retried = await control(runId, 'retry');
    expect(retried).toMatchObject({ isError: false, structured: { run: { status: 'pending' } } });
  });

  it.each(RUN_ACTIONS.filter((action) => action !== 'prioritize'))(
    'refuses to %s what has completed',
    async (action) => {
      const { runs } = await app.services.runs.list({ limit: 1, status: 'completed', kind: 'graph_index' });
      const runId = runs[0]?.runId ?? '';
      const answer = await control(runId, action);
      expect(answer.isError).toBe(true);
      expect(answer.text).toContain(`Run \`${runId}\` is completed, so ${action} does not apply.`);
      expect(answer.text).toContain('never changes');
    },
  );

  it.each(['approve', 'reject', 'resume', 'retry'] as const)(
    'refuses to %s what runs, naming what can be done',
    async (action) => {
      const runId = await drill();
      await until(runId, 'running');
      const answer = await control(runId, action);
      expect(answer.isError).toBe(true);
      expect(answer.text).toContain(`is running, so ${action} does not apply. Legal now: pause, cancel`);
    },
  );

  it.each([
    [{ priority: 11 }, '"priority" is 11, but must be at most 10'],
    [{ priority: -1 }, '"priority" is -1, but must be at least 1'],
    [{}, 'priority'],
  ])('refuses to prioritize with %j', async (more, text) => {
    const runId = await drill();
    const answer = await control(runId, 'prioritize', more);
    expect(answer.isError).toBe(true);
    expect(answer.text).toContain(text);
  });

  it('says what there is for an unknown run and an unknown action, and takes no endless reason', async () => {
    const unknown = await control('nothing', 'pause');
    expect(unknown.isError).toBe(true);
    expect(unknown.text).toContain('run_list');
    const stop = await app.call('run_control', { runId: 'nothing', action: 'stop' });
    expect(stop.text).toContain('"pause", "resume", "cancel", "retry", "approve", "reject", "prioritize"');
    const long = await control('nothing', 'cancel', { reason: 'x'.repeat(100_000) });
    expect(long.isError).toBe(true);
    expect(long.text).toContain('at most 500 characters');
    expect(long.text.length).toBeLessThan(400);
  });
});
