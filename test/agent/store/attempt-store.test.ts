import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { AgentStore, AttemptStore, OutcomeStore, PullRequestStore } from '../../../src/agent/agent-runtime.ts';
import { createProductDatabase } from '../../support/test-database.ts';
import type { TestDatabase } from '../../support/test-database.ts';
import { REPORT, SEED } from '../agent-sample.ts';

const ROOT = '/srv/project';
const BASE = 'b'.repeat(40);
const SECRET = 'ghp_abcdefghijklmnopqrstuvwxyz0123';

describe('what the agent keeps of its work', () => {
  let database: TestDatabase;
  let attempts: AttemptStore;
  let taskId = '';

  beforeEach(async () => {
    database = await createProductDatabase();
    attempts = new AttemptStore(database.database);
    taskId = (await new AgentStore(database.database).upsert(ROOT, [SEED]))[0]?.taskId ?? '';
  });

  afterEach(() => database.drop());

  const start = (number = 1, runId = 'r1') =>
    attempts.start({ taskId, number, patcher: 'fixer', baseCommit: BASE, seed: 4_294_967_296, runId });

  test('an attempt is there from its start, and its end holds the evidence as it was', async () => {
    const begun = await start();
    expect(begun).toMatchObject({ number: 1, outcome: undefined, files: [], tokens: 0, seed: 4_294_967_296 });
    const fixability = {
      probability: 0.9,
      level: 'pull_request',
      estimate: 0.9,
      baseline: 0.5,
      isEstimateUsed: true,
      outcomes: 0,
      basis: 'bench',
    } as const;
    const ended = await attempts.end(begun.attemptId, {
      outcome: 'verified',
      patcher: 'model',
      fixer: 'typescript:spelling',
      title: 'Change spelling',
      reason: 'all checks passed',
      patch: '-cuont\n+count',
      report: REPORT,
      fixability,
      provider: undefined,
      files: ['src/a.ts'],
      addedLines: 1,
      removedLines: 1,
      usd: 0.5,
      tokens: 5_000_000_000,
      steps: 2,
    });
    expect(ended).toMatchObject({
      outcome: 'verified',
      patcher: 'model',
      report: REPORT,
      fixability,
      tokens: 5_000_000_000,
      usd: 0.5,
    });
    expect(await attempts.find(begun.attemptId)).toEqual(ended);
    expect(await attempts.listOf(taskId, 9)).toEqual([ended]);
  });

  test('the first end of an attempt stays', async () => {
    const { attemptId } = await start();
    await attempts.end(attemptId, NO_FIX);
    expect(await attempts.end(attemptId, { ...NO_FIX, outcome: 'failed' })).toBeUndefined();
    expect(await attempts.find(attemptId)).toMatchObject({ outcome: 'no_fix' });
  });

  test('an attempt that is begun again after a crash is the same row', async () => {
    const one = await start();
    const again = await start();
    expect(again.attemptId).toBe(one.attemptId);
    await start(2);
    expect((await attempts.listOf(taskId, 9)).map(({ number }) => number)).toEqual([2, 1]);
    expect(await attempts.listOf(taskId, 1)).toHaveLength(1);
  });

  test('attempts of a run that is over are cancelled, and all that ended are counted', async () => {
    const { attemptId } = await start();
    await attempts.end(attemptId, { ...NO_FIX, usd: 0.25, tokens: 10 });
    await start(2);
    await start(3, 'r2');
    expect(await attempts.cancelOpen('r1')).toBe(1);
    const { outcomes, usd, tokens } = await attempts.totals(ROOT);
    expect(outcomes).toMatchObject({ no_fix: 1, cancelled: 1, verified: 0 });
    expect({ usd, tokens }).toEqual({ usd: 0.25, tokens: 10 });
    expect((await attempts.totals('/srv/other')).outcomes.no_fix).toBe(0);
  });

  test('evidence holds no secret, however deep, and is bounded', async () => {
    const { attemptId } = await start();
    const [types] = REPORT.gates;
    if (types?.after === undefined) throw new Error('The sample has no run.');
    const gate = { ...types, after: { ...types.after, tail: `${SECRET} \0 ${'x'.repeat(9_000)}` } };
    const added = Array.from({ length: 900 }, () => SECRET);
    const report = { ...REPORT, gates: [{ ...gate, added }] };
    const ended = await attempts.end(attemptId, { ...NO_FIX, report, patch: `+${SECRET}`, title: SECRET });
    expect(JSON.stringify(ended)).not.toContain('ghp_');
    expect(ended?.report?.gates[0]?.after?.tail).toHaveLength(4_000);
    expect(ended?.report?.gates[0]?.added).toHaveLength(500);
    expect(ended).toMatchObject({ patch: '+[Redacted]', title: '[Redacted]' });
  });

  describe('pull requests', () => {
    const SAVED = {
      repository: 'acme/shop',
      number: 12,
      url: 'https://git.example/acme/shop/pull/12',
      isDraft: true,
      title: 'fix: spelling',
      head: 'agent/x',
      base: 'main',
    };
    const save = async (store: PullRequestStore) => {
      const { attemptId } = await start();
      return store.save({ ...SAVED, taskId, attemptId });
    };

    test('are kept as they were last seen', async () => {
      const store = new PullRequestStore(database.database);
      const saved = await save(store);
      expect(saved).toMatchObject({ ...SAVED, taskId, state: 'open', checks: 'unknown' });
      expect(await store.countOpen(ROOT)).toBe(1);
      const seen = { repository: 'acme/shop', number: 12, isDraft: false } as const;
      expect(await store.see({ ...seen, state: 'open', checks: 'passed' })).toMatchObject({ closedAt: undefined });
      const merged = await store.see({ ...seen, state: 'merged', checks: 'passed' });
      expect(merged).toMatchObject({ state: 'merged', isDraft: false, checks: 'passed' });
      expect(merged?.closedAt).toBeTypeOf('string');
      expect(await store.listOpen(ROOT, 9)).toEqual([]);
      expect(await store.listOf(taskId)).toEqual([merged]);
    });

    test('that are saved once more are one, and keep their state', async () => {
      const store = new PullRequestStore(database.database);
      await save(store);
      await store.see({ repository: 'acme/shop', number: 12, isDraft: true, state: 'closed', checks: 'failed' });
      expect(await save(store)).toMatchObject({ state: 'closed', checks: 'failed' });
      expect(await store.listOf(taskId)).toHaveLength(1);
    });

    test('of others are not seen', async () => {
      const store = new PullRequestStore(database.database);
      const other = { repository: 'acme/shop', number: 99, isDraft: false, state: 'open', checks: 'passed' } as const;
      expect(await store.see(other)).toBeUndefined();
    });
  });

  describe('outcomes', () => {
    const OUTCOME = {
      root: ROOT,
      patcher: 'fixer',
      fixer: 'typescript:spelling',
      rule: 'ts/2552',
      isSuccess: true,
    } as const;

    test('are kept once an attempt, with their codes in order', async () => {
      const store = new OutcomeStore(database.database);
      await store.record({ ...OUTCOME, attemptId: 'a1', codes: ['ts/2', 'ts/1', 'ts/2'], probability: 0.9 });
      await store.record({ ...OUTCOME, attemptId: 'a1', codes: [], isSuccess: false });
      expect(await store.list(9)).toMatchObject([{ rule: 'ts/2552', codes: ['ts/1', 'ts/2'], isSuccess: true }]);
    });

    test('are as a person decided, and take their place in the order when that was known', async () => {
      const store = new OutcomeStore(database.database);
      for (const attemptId of ['a1', 'a2', 'a3']) await store.record({ ...OUTCOME, attemptId, codes: [attemptId] });
      expect(await store.decide('a1', false)).toBe(true);
      expect(await store.decide('a1', false)).toBe(false);
      expect(await store.decide('unknown', true)).toBe(false);
      const kept = await store.list(9);
      expect(kept.map(({ codes, isSuccess }) => [codes[0], isSuccess])).toEqual([
        ['a2', true],
        ['a3', true],
        ['a1', false],
      ]);
      expect((await store.list(2)).map(({ codes }) => codes[0])).toEqual(['a3', 'a1']);
    });

    test('stay when the task goes', async () => {
      const { attemptId } = await start();
      const store = new OutcomeStore(database.database);
      await store.record({ ...OUTCOME, attemptId, codes: [] });
      await database.database.execute('delete from lightdom.agent_task');
      expect(await attempts.find(attemptId)).toBeUndefined();
      expect(await store.list(9)).toHaveLength(1);
      const rows = await database.database.query(
        z.object({ decided_by: z.string() }),
        'select * from lightdom.agent_outcome',
      );
      expect(rows).toEqual([{ decided_by: 'checks' }]);
    });
  });
});

const NO_FIX = {
  outcome: 'no_fix',
  patcher: 'fixer',
  fixer: undefined,
  title: undefined,
  reason: 'no fixer knows it',
  patch: undefined,
  report: undefined,
  fixability: undefined,
  provider: undefined,
} as const;
