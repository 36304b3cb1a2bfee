import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AppError } from '../../src/core/errors.ts';
import type { Run } from '../../src/runs/index.ts';
import { createProductDatabase } from '../support/test-database.ts';
import type { TestDatabase } from '../support/test-database.ts';
import { buildRuns } from './run-system.ts';
import type { Code, RunSystem } from './run-system.ts';

let testDatabase: TestDatabase;
let system: RunSystem;
/** What the next run of the kind `test_code` does. */
let code: Code = () => Promise.resolve({});

beforeAll(async () => {
  testDatabase = await createProductDatabase();
  system = buildRuns(testDatabase);
  await system.runs.open();
});

afterAll(async () => {
  await system?.runs.close();
  await testDatabase?.drop();
});

async function endOf(kind: string, input: unknown): Promise<Run> {
  const { runId } = await system.runs.start(kind, input);
  return system.runs.waitFor(runId);
}

describe('a run', () => {
  test('starts pending and ends completed with its result', async () => {
    const states: string[] = [];
    const stop = system.runs.events.on('changed', (run) => states.push(run.status));
    const run = await system.runs.start('test_echo', { text: 'hello' });
    expect(run).toMatchObject({ status: 'pending', title: 'echo hello', attempt: 0, input: { text: 'hello' } });
    expect(run.runId).toMatch(/^[0-9a-f]{32}$/);
    const ended = await system.runs.waitFor(run.runId);
    stop();
    expect(ended).toMatchObject({ status: 'completed', result: { text: 'hello' }, attempt: 1 });
    expect(states).toEqual(['pending', 'running', 'completed']);
    expect(await system.runs.get(run.runId)).toEqual(ended);
    expect(system.runs.activeCount()).toBe(0);
  });

  test('begins within a fifth of a second', async () => {
    const { runId } = await system.runs.start('test_echo', { text: 'warm up' });
    await system.runs.waitFor(runId);
    const run = await endOf('test_echo', { text: 'timed' });
    expect(Date.parse(run.startedAt ?? '') - Date.parse(run.createdAt)).toBeLessThan(500);
  });

  test('takes a title and a parent, which must exist', async () => {
    const parent = await system.runs.start('test_held', { text: 'parent' });
    const child = await system.runs.start('test_echo', { text: 'x' }, { title: 'mine', parentRunId: parent.runId });
    expect(child).toMatchObject({ title: 'mine', parentRunId: parent.runId });
    await expect(system.runs.start('test_echo', { text: 'x' }, { parentRunId: 'nobody' })).rejects.toMatchObject({
      code: 'not_found',
    });
    await system.runs.waitFor(child.runId);
    await system.runs.control(parent.runId, { action: 'cancel' });
    const late = system.runs.start('test_echo', { text: 'x' }, { parentRunId: parent.runId });
    await expect(late).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('is refused when its input does not fit, when it can not be stored, and when its kind is unknown', async () => {
    const before = await system.runs.list();
    await expect(system.runs.start('test_echo', { text: 5 })).rejects.toMatchObject({
      code: 'invalid_input',
      message: 'The input of a test_echo run does not fit: text: Invalid input: expected string, received number.',
    });
    const titled = system.runs.start('test_echo', { text: 5 }, { title: 'titled' });
    await expect(titled).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(system.runs.start('test_echo', { text: 'a\0b' })).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(system.runs.start('test_none', {})).rejects.toMatchObject({
      code: 'invalid_input',
      message: 'There is no kind of runs `test_none`.',
      hint: 'Known kinds: test_held, test_echo, test_code, test_part.',
    });
    expect(await system.runs.list()).toEqual(before);
  });

  test('keeps an expected error with its hint', async () => {
    code = () => Promise.reject(new AppError('not_configured', 'There is no key.', { hint: 'Set llm.apiKey.' }));
    expect(await system.endOf(code)).toMatchObject({
      status: 'failed',
      error: { code: 'not_configured', message: 'There is no key.', hint: 'Set llm.apiKey.' },
    });
  });

  test('keeps of an unexpected error only an incident number', async () => {
    code = () => Promise.reject(new Error('password=hunter2'));
    const run = await system.endOf(code);
    expect(run).toMatchObject({ status: 'failed', error: { code: 'internal' } });
    expect(run.error?.message).toMatch(/incident [0-9a-f]{8}/);
    expect(JSON.stringify(run)).not.toContain('hunter2');
  });

  test.each([
    ['a bigint', { value: 1n }],
    ['a key that can not be stored', { 'a\0b': 1 }],
    ['too much', { text: 'x'.repeat(200_000) }],
  ])('whose result is %s fails', async (_name, result) => {
    code = () => Promise.resolve(result);
    expect(await system.endOf(code)).toMatchObject({ status: 'failed', error: { code: 'internal' } });
  });

  test('stores what it can of text that Postgres does not take', async () => {
    code = ({ log, progress }) => {
      log('info', 'a\0b\uD800');
      progress({ done: 1, total: 1, unit: 'files', message: '\0' });
      return Promise.resolve({ text: '\0' });
    };
    const run = await system.endOf(code);
    expect(run).toMatchObject({ status: 'completed', result: { text: '\uFFFD' }, progress: { message: '\uFFFD' } });
    const messages = (await system.runs.recentEvents(run.runId)).map((event) => event.message);
    expect(messages).toEqual(['started on test-0', 'a\uFFFDb\uFFFD', 'completed']);
  });

  test('may start another run and wait for it', async () => {
    code = async ({ runId, signal }) => {
      const child = await system.runs.start('test_echo', { text: 'child' }, { parentRunId: runId });
      return { child: await system.runs.waitFor(child.runId, { signal }) };
    };
    expect(await system.endOf(code)).toMatchObject({
      status: 'completed',
      result: { child: { status: 'completed' } },
    });
  });

  test('goes on when a listener throws', async () => {
    const stop = system.runs.events.on('changed', () => {
      throw new Error('a bad listener');
    });
    const run = await endOf('test_echo', { text: 'x' });
    stop();
    expect(run.status).toBe('completed');
  });
});

describe('progress and log', () => {
  test('progress is written at most twice a second, and the last value always', async () => {
    const seen: number[] = [];
    const stop = system.runs.events.on('progress', (run) => seen.push(run.progress.done));
    const startedAtMs = performance.now();
    code = async ({ progress }) => {
      let done = 0;
      while (performance.now() - startedAtMs < 1_300) {
        done += 1;
        progress({ done, total: 0, unit: 'steps', message: '' });
        await new Promise((resolve) => setImmediate(resolve));
      }
      progress({ done: done + 1, total: done + 1, unit: 'steps', message: 'all' });
      return { done: done + 1 };
    };
    const run = await system.endOf(code);
    stop();
    expect(run.progress.message).toBe('all');
    expect(run.result).toEqual({ done: run.progress.done });
    expect(seen.length).toBeGreaterThanOrEqual(3);
    expect(seen.length).toBeLessThanOrEqual(5);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  });

  test('progress that is no count is left out', async () => {
    code = ({ progress }) => {
      progress({ done: 1, total: 2, unit: 'files', message: '' });
      progress({ done: Number.NaN, total: 2, unit: 'files', message: '' });
      progress({ done: -1, total: 2, unit: 'files', message: '' });
      return Promise.resolve({});
    };
    expect((await system.endOf(code)).progress).toMatchObject({ done: 1, total: 2 });
  });

  test('lines come back in order and in pages', async () => {
    code = ({ log }) => {
      for (let line = 0; line < 120; line += 1) log('debug', `line ${line}`);
      return Promise.resolve({});
    };
    const { runId } = await system.endOf(code);
    const first = await system.runs.listEvents(runId, { limit: 100 });
    const rest = await system.runs.listEvents(runId, { after: first.at(-1)?.sequence ?? 0 });
    const messages = [...first, ...rest].map((event) => event.message);
    expect(messages).toEqual([
      'started on test-0',
      ...Array.from({ length: 120 }, (_, line) => `line ${line}`),
      'completed',
    ]);
    expect((await system.runs.recentEvents(runId, 2)).map((event) => event.message)).toEqual(['line 119', 'completed']);
    await expect(system.runs.listEvents('nobody')).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('cancelling', () => {
  test('aborts a running handler at once, and its end changes nothing any more', async () => {
    const { runId } = await system.runs.start('test_held', { text: 'a' });
    system.held.isDeaf = true;
    const held = await system.held.next(1, runId);
    expect(system.runs.activeCount()).toBe(1);
    const cancelled = await system.runs.control(runId, { action: 'cancel', reason: 'not needed' });
    expect(cancelled.status).toBe('cancelled');
    expect(held.context.signal.aborted).toBe(true);
    expect(held.context.signal.reason).toMatchObject({ code: 'cancelled' });
    held.complete({ late: true });
    system.held.isDeaf = false;
    expect(await system.runs.waitFor(runId)).toEqual(cancelled);
    await expect.poll(() => system.runs.activeCount()).toBe(0);
    expect(await system.runs.get(runId)).toEqual(cancelled);
    expect((await system.runs.recentEvents(runId)).at(-1)).toMatchObject({ message: 'cancelled: not needed' });
    expect(await system.runs.control(runId, { action: 'cancel' })).toEqual(cancelled);
    expect((await system.engine.control.states([runId])).get(runId)).toBe('cancelled');
  });

  test('refuses a run that has ended, and says what is possible', async () => {
    const { runId } = await endOf('test_echo', { text: 'x' });
    await expect(system.runs.control(runId, { action: 'cancel' })).rejects.toMatchObject({
      code: 'conflict',
      message: `Run \`${runId}\` is completed, so cancel does not apply.`,
      hint: 'A run that has ended so never changes: read it with run_get, or start a new one.',
    });
    await expect(system.runs.control('nobody', { action: 'cancel' })).rejects.toMatchObject({
      code: 'not_found',
      message: 'There is no run `nobody`.',
      hint: 'Call run_list to see the runs.',
    });
  });

  test('a wait ends when its signal is aborted', async () => {
    const { runId } = await system.runs.start('test_held', { text: 'b' });
    const waiting = system.runs.waitFor(runId, { signal: AbortSignal.timeout(50) });
    await expect(waiting).rejects.toMatchObject({ name: 'TimeoutError' });
    await system.runs.control(runId, { action: 'cancel' });
  });
});

describe('listing', () => {
  test('pages through all runs, newest first, each once, while others start', async () => {
    const started = await Promise.all(
      Array.from({ length: 23 }, (_, index) => system.runs.start('test_echo', { text: `${index}` })),
    );
    const expected = (await system.runs.list({ limit: 100 })).runs.map((run) => run.runId);
    const seen: string[] = [];
    for (let cursor: string | undefined, isFirst = true; isFirst || cursor !== undefined; isFirst = false) {
      const page = await system.runs.list({ limit: 5, cursor });
      seen.push(...page.runs.map((run) => run.runId));
      cursor = page.cursor;
      await system.runs.start('test_echo', { text: 'newer' });
    }
    expect(seen).toEqual(expected);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(started.map((run) => run.runId)));
  });

  test('filters by state and kind', async () => {
    const { runs } = await system.runs.list({ status: 'failed', kind: 'test_code', limit: 100 });
    expect(runs.length).toBeGreaterThan(0);
    expect(runs.every((run) => run.status === 'failed' && run.kind === 'test_code')).toBe(true);
    expect(await system.runs.list({ kind: 'test_none' })).toEqual({ runs: [] });
  });

  test.each(['', 'nonsense', Buffer.from('["2026-01-01T00:00:00Z; drop",1]').toString('base64url')])(
    'refuses the cursor %j',
    async (cursor) => {
      await expect(system.runs.list({ cursor })).rejects.toMatchObject({ code: 'invalid_input' });
    },
  );

  test.each([0, 101, 1.5, Number.NaN])('refuses the limit %d', async (limit) => {
    await expect(system.runs.list({ limit })).rejects.toMatchObject({ code: 'invalid_input' });
  });
});
