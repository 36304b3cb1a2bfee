import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AgentStore } from '../../../src/agent/agent-runtime.ts';
import type { AgentTask } from '../../../src/agent/agent-schema.ts';
import { createProductDatabase } from '../../support/test-database.ts';
import type { TestDatabase } from '../../support/test-database.ts';
import { SEED } from '../agent-sample.ts';

const ROOT = '/srv/project';
const BASE = 'b'.repeat(40);
const SECRET = 'ghp_abcdefghijklmnopqrstuvwxyz0123';

describe('tasks of the agent', () => {
  let database: TestDatabase;
  let store: AgentStore;

  beforeEach(async () => {
    database = await createProductDatabase();
    store = new AgentStore(database.database);
  });

  afterEach(() => database.drop());

  const create = async (seed: Partial<typeof SEED> = {}): Promise<AgentTask> => {
    const [task] = await store.upsert(ROOT, [{ ...SEED, ...seed }]);
    if (task === undefined) throw new Error('No task was stored.');
    return task;
  };
  const claim = (taskId: string, runId = 'r1'): Promise<AgentTask | undefined> =>
    store.claim(taskId, { runId, baseCommit: BASE, from: ['open', 'failed', 'verified'] });
  const verified = async (): Promise<AgentTask> => {
    const { taskId } = await create();
    await claim(taskId);
    const task = await store.change(taskId, { from: ['working'], to: 'verified', runId: 'r1', branch: 'agent/x' });
    if (task === undefined) throw new Error('The task was not changed.');
    return task;
  };

  test('are made of what was found, with a priority, and one for each fingerprint', async () => {
    const tasks = await store.upsert(ROOT, [
      { ...SEED, severity: 'critical', confidence: 0.5 },
      { ...SEED, fingerprint: 'f2', nodeId: 'n', symbol: 'count', line: undefined },
      { ...SEED, fingerprint: 'f2', path: 'src/b.ts' },
    ]);
    expect(tasks).toMatchObject([
      { fingerprint: 'f1', severity: 'critical', priority: 12.5, state: 'open', attempts: 0, rejections: 0 },
      { fingerprint: 'f2', severity: 'medium', priority: 10, path: 'src/b.ts', line: 3 },
    ]);
    expect(await store.countByState(ROOT)).toMatchObject({ open: 2, gone: 0 });
    expect(await store.upsert('/srv/other', [SEED])).toHaveLength(1);
    expect(await store.count({ root: ROOT })).toBe(2);
  });

  test('keep their handle, state and history when they are found again, and take over what moved', async () => {
    const before = await verified();
    const after = await create({ line: 90, severity: 'high' });
    expect(after).toEqual({ ...before, line: 90, severity: 'high', priority: 12 });
  });

  test('come highest priority first, page by page, each once', async () => {
    await store.upsert(
      ROOT,
      Array.from({ length: 7 }, (_, at) => ({ ...SEED, fingerprint: `f${at}`, confidence: (at % 3) / 3 })),
    );
    const seen: AgentTask[] = [];
    for (;;) {
      const last = seen.at(-1);
      const page = await store.list({ root: ROOT }, { after: last, limit: 3 });
      seen.push(...page);
      if (page.length < 3) break;
    }
    expect(new Set(seen.map(({ taskId }) => taskId)).size).toBe(7);
    expect(seen.map(({ priority }) => priority)).toEqual(
      seen.map(({ priority }) => priority).toSorted((a, b) => b - a),
    );
  });

  test('are filtered by state, severity, category and rule', async () => {
    await store.upsert(ROOT, [
      SEED,
      { ...SEED, fingerprint: 'f2', severity: 'low', category: 'style', rule: 'eslint/semi', source: 'eslint' },
    ]);
    const countOf = (filter: object): Promise<number> => store.count({ root: ROOT, ...filter });
    expect(await countOf({ severity: 'medium' })).toBe(1);
    expect(await countOf({ category: 'style' })).toBe(1);
    expect(await countOf({ rule: 'ts/2552' })).toBe(1);
    expect(await countOf({ state: 'failed' })).toBe(0);
    expect(await store.list({ root: ROOT, rule: 'eslint/semi' }, { limit: 9 })).toMatchObject([{ source: 'eslint' }]);
  });

  test('are given to one of several runs that want them at once', async () => {
    const { taskId } = await create();
    const claims = await Promise.all(['r1', 'r2', 'r3'].map((runId) => claim(taskId, runId)));
    const [won, ...others] = claims.filter((one) => one !== undefined);
    expect(others).toEqual([]);
    expect(won).toMatchObject({ state: 'working', attempts: 1, baseCommit: BASE });
  });

  test('change only from the state that was seen, and by the run that is at them', async () => {
    const { taskId } = await create();
    await claim(taskId);
    expect(await store.change(taskId, { from: ['open'], to: 'verified' })).toBeUndefined();
    expect(await store.change(taskId, { from: ['working'], to: 'verified', runId: 'r2' })).toBeUndefined();
    const done = await store.change(taskId, { from: ['working'], to: 'failed', runId: 'r1', reason: 'tests fail' });
    expect(done).toMatchObject({ state: 'failed', reason: 'tests fail', attempts: 1 });
    expect(await store.find(taskId)).toEqual(done);
    expect(await store.findRoot(taskId)).toBe(ROOT);
  });

  test('of a run that ended are open again, and the attempt stays counted', async () => {
    const { taskId } = await create();
    await claim(taskId);
    expect(await store.listWorkingRuns()).toEqual(['r1']);
    expect(await store.release('r2')).toBe(0);
    expect(await store.release('r1')).toBe(1);
    expect(await store.find(taskId)).toMatchObject({ state: 'open', attempts: 1 });
    expect(await claim(taskId, 'r2')).toMatchObject({ attempts: 2, runId: 'r2' });
  });

  test('that a person rejected are remembered with a time until which they are left alone', async () => {
    const { taskId } = await verified();
    const rejected = await store.reject(taskId, { reason: 'not wanted', coolDownDays: 30 });
    expect(rejected).toMatchObject({ state: 'rejected', reason: 'not wanted', rejections: 1 });
    const days = (Date.parse(rejected?.coolDownUntil ?? '') - Date.now()) / 86_400_000;
    expect(Math.round(days)).toBe(30);
    expect(await store.reject(taskId, { reason: 'again', coolDownDays: 1 })).toBeUndefined();
    await store.markGone(ROOT, { sources: ['typescript'], fingerprints: [] });
    expect(await create()).toMatchObject({ state: 'rejected', rejections: 1 });
  });

  test('are gone when what was asked no longer finds them, and open when it does again', async () => {
    const { taskId } = await verified();
    expect(await store.markGone(ROOT, { sources: ['eslint'], fingerprints: [] })).toBe(0);
    expect(await store.markGone(ROOT, { sources: ['typescript'], fingerprints: ['f1'] })).toBe(0);
    expect(await store.markGone(ROOT, { sources: ['typescript'], fingerprints: ['f2'] })).toBe(1);
    expect(await store.count({ root: ROOT })).toBe(0);
    expect(await store.count({ root: ROOT, state: 'gone' })).toBe(1);
    expect(await create()).toMatchObject({ taskId, state: 'open', attempts: 1, reason: undefined });
  });

  test('hold no secret, no text that can not be stored, and none without end', async () => {
    const message = `key ${SECRET} and \0 and \uD800 ${'x'.repeat(10_000)}`;
    const task = await create({ message });
    expect(task.message.startsWith('key [Redacted] and \uFFFD and \uFFFD ')).toBe(true);
    expect(task.message).toHaveLength(4_000);
    const { taskId } = await create();
    await claim(taskId);
    const failed = await store.change(taskId, { from: ['working'], to: 'failed', reason: `no: ${SECRET}` });
    expect(failed?.reason).toBe('no: [Redacted]');
  });
});
