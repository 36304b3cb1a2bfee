import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AppError } from '../../src/core/errors.ts';
import type { Run } from '../../src/runs/index.ts';
import { createGate, untilAborted } from '../support/gate.ts';
import { createProductDatabase } from '../support/test-database.ts';
import type { TestDatabase } from '../support/test-database.ts';
import { buildRuns, holding } from './run-system.ts';
import type { Code, RunSystem } from './run-system.ts';

let testDatabase: TestDatabase;
let system: RunSystem;

beforeAll(async () => {
  testDatabase = await createProductDatabase();
  system = buildRuns(testDatabase);
  await system.runs.open();
});
afterAll(async () => {
  await system?.runs.close();
  await testDatabase?.drop();
});

/** A parent that starts these, waits for them, and tells how they ended. */
function parentOf(parts: readonly Code[]): Code {
  const inputs = parts.map((part) => system.define(part));
  return async (context) => {
    for (const input of inputs) await context.startChild('test_part', input);
    const ended = await context.waitForChildren();
    const bad = ended.find(({ status }) => status !== 'completed');
    if (bad !== undefined) throw new AppError('upstream_failed', `a part is ${bad.status}`);
    return { ended: ended.map(({ result }) => result) };
  };
}

async function childrenOf(runId: string, count: number, status: Run['status']): Promise<readonly Run[]> {
  await expect
    .poll(async () => (await system.runs.listChildren(runId)).map((child) => child.status), { interval: 20 })
    .toEqual(Array.from({ length: count }, () => status));
  return system.runs.listChildren(runId);
}

describe('a run with children', () => {
  test('waits for them and gets them in the order of their start', async () => {
    const run = await system.endOf(parentOf([async () => ({ n: 1 }), async () => ({ n: 2 }), async () => ({ n: 3 })]));
    expect(run).toMatchObject({ status: 'completed', result: { ended: [{ n: 1 }, { n: 2 }, { n: 3 }] } });
    const children = await system.runs.listChildren(run.runId);
    expect(children.map(({ parentRunId }) => parentRunId)).toEqual([run.runId, run.runId, run.runId]);
    await expect(system.runs.listChildren('nobody')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('hands its priority down, unless it says another', async () => {
    const input = system.define(async () => ({}));
    const { runId } = await system.endOf(
      async (context) => {
        await context.startChild('test_part', input);
        await context.startChild('test_part', input, { priority: 2, title: 'mine' });
        await context.waitForChildren();
        return {};
      },
      { priority: 9 },
    );
    const children = await system.runs.listChildren(runId);
    expect(children.map(({ priority, title }) => [priority, title])).toEqual([
      [9, 'code of the test'],
      [2, 'mine'],
    ]);
  });

  test('cancels, pauses and resumes them with itself', async () => {
    let attempts = 0;
    const part: Code = async (context) => {
      attempts += 1;
      if (context.attempt === 1) await untilAborted(context.signal);
      return { attempt: context.attempt };
    };
    const { runId } = await system.start(parentOf([part, part]));
    await childrenOf(runId, 2, 'running');
    await expect.poll(() => attempts).toBe(2);
    await system.runs.control(runId, { action: 'pause' });
    await childrenOf(runId, 2, 'paused');
    await expect.poll(() => system.runs.activeCount()).toBe(0);
    await system.runs.control(runId, { action: 'resume' });
    expect(await system.runs.waitFor(runId)).toMatchObject({
      status: 'completed',
      attempt: 2,
      result: { ended: [{ attempt: 2 }, { attempt: 2 }] },
    });

    const other = await system.start(parentOf([holding(), holding()]));
    await childrenOf(other.runId, 2, 'running');
    await system.runs.control(other.runId, { action: 'cancel', reason: 'enough' });
    await childrenOf(other.runId, 2, 'cancelled');
    await expect.poll(() => system.runs.activeCount()).toBe(0);
    const [child] = await system.runs.listChildren(other.runId);
    expect(await system.messages(child?.runId ?? '')).toContain('cancelled: enough');
  });

  test('has the same children in a later attempt', async () => {
    const { runId } = await system.start(parentOf([holding(), async () => ({})]));
    await expect.poll(async () => (await system.runs.listChildren(runId)).length).toBe(2);
    const before = (await system.runs.listChildren(runId)).map((child) => child.runId);
    await system.until(before[1] ?? '', 'completed');
    await system.runs.control(runId, { action: 'pause' });
    await system.runs.control(runId, { action: 'resume' });
    await expect.poll(async () => (await system.runs.get(runId)).attempt).toBe(2);
    await expect.poll(async () => (await system.runs.get(before[0] ?? '')).status).toBe('running');
    expect((await system.runs.listChildren(runId)).map((child) => child.runId)).toEqual(before);
    expect(await system.runs.get(before[1] ?? '')).toMatchObject({ status: 'completed', attempt: 1 });
    await system.runs.control(runId, { action: 'cancel' });
  });

  test('that fails takes those that have not ended with it', async () => {
    const failing = createGate();
    const input = system.define(holding(failing.open));
    const { runId } = await system.start(async (context) => {
      await context.startChild('test_part', input);
      await failing.opened;
      throw new AppError('invalid_input', 'as told');
    });
    expect(await system.runs.waitFor(runId)).toMatchObject({ status: 'failed' });
    const [child] = await childrenOf(runId, 1, 'cancelled');
    expect(await system.messages(child?.runId ?? '')).toContain('cancelled: its parent has ended');
    await expect.poll(() => system.runs.activeCount()).toBe(0);
  });

  test('is refused a child of its own queue', async () => {
    const input = system.define(async () => ({}));
    const run = await system.endOf(async (context) => ({ child: await context.startChild('test_code', input) }));
    expect(run).toMatchObject({
      status: 'failed',
      error: {
        code: 'unsupported',
        message: "A test_code run can't belong to a test_code run: both wait in one queue.",
      },
    });
    expect(await system.runs.listChildren(run.runId)).toEqual([]);
  });
});

describe('retrying', () => {
  test('repeats the step that failed and not those before it', async () => {
    const calls: string[] = [];
    let isMended = false;
    const { runId } = await system.start(async (context) => {
      await context.step('first', async () => {
        calls.push('first');
      });
      await context.transaction('second', async (transaction) => {
        calls.push('second');
        await transaction.execute('select 1');
      });
      await context.step('third', async () => {
        calls.push('third');
        if (!isMended) throw new AppError('not_configured', 'There is no key.', { hint: 'Set it.' });
      });
      return { attempt: context.attempt };
    });
    expect(await system.runs.waitFor(runId)).toMatchObject({
      status: 'failed',
      error: { code: 'not_configured', message: 'There is no key.', hint: 'Set it.' },
    });
    isMended = true;
    const retried = await system.runs.control(runId, { action: 'retry' });
    expect(retried.status).toBe('pending');
    expect(retried.error).toBeUndefined();
    expect(retried.endedAt).toBeUndefined();
    expect(await system.runs.waitFor(runId)).toMatchObject({ status: 'completed', attempt: 2, result: { attempt: 2 } });
    expect(calls).toEqual(['first', 'second', 'third', 'third']);
  });

  test('a run that failed outside of its steps repeats none of them', async () => {
    const calls: string[] = [];
    let isMended = false;
    const { runId } = await system.start(async (context) => {
      await context.step('only', async () => {
        calls.push('only');
      });
      if (!isMended) throw new Error('outside');
      return {};
    });
    await system.runs.waitFor(runId);
    isMended = true;
    await system.runs.control(runId, { action: 'retry' });
    expect(await system.runs.waitFor(runId)).toMatchObject({ status: 'completed' });
    expect(calls).toEqual(['only']);
  });

  test('a step whose failure was caught before keeps its record when another one failed', async () => {
    const calls: string[] = [];
    let isMended = false;
    const { runId } = await system.start(async (context) => {
      await context
        .step('optional', async () => {
          calls.push('optional');
          throw new AppError('upstream_failed', 'not there');
        })
        .catch(() => {});
      await context.step('needed', async () => {
        calls.push('needed');
        if (!isMended) throw new AppError('upstream_failed', 'not there');
      });
      return {};
    });
    await system.runs.waitFor(runId);
    isMended = true;
    await system.runs.control(runId, { action: 'retry' });
    expect(await system.runs.waitFor(runId)).toMatchObject({ status: 'completed' });
    expect(calls).toEqual(['optional', 'needed', 'needed']);
  });

  test('rows that were stored after a failure that was caught are not stored again', async () => {
    const calls: string[] = [];
    let isMended = false;
    const { runId } = await system.start(async (context) => {
      await context
        .step('optional', async () => {
          calls.push('optional');
          throw new AppError('upstream_failed', 'not there');
        })
        .catch(() => {});
      await context.transaction('store', async (transaction) => {
        calls.push('store');
        await transaction.execute('select 1');
      });
      if (!isMended) throw new Error('outside');
      return {};
    });
    await system.runs.waitFor(runId);
    isMended = true;
    await system.runs.control(runId, { action: 'retry' });
    expect(await system.runs.waitFor(runId)).toMatchObject({ status: 'completed' });
    expect(calls).toEqual(['optional', 'store']);
  });

  test('a step that is begun while another is under way is refused', async () => {
    const { runId } = await system.start(async (context) => {
      await Promise.all([context.step('one', async () => {}), context.step('other', async () => {})]);
      return {};
    });
    expect(await system.runs.waitFor(runId)).toMatchObject({
      status: 'failed',
      error: { code: 'conflict', message: 'Step `other` was begun while step `one` of the same run is under way.' },
    });
  });

  test('a parent retries its children that did not complete, and only those', async () => {
    let isMended = false;
    const attempts: string[] = [];
    const { runId } = await system.start(
      parentOf([
        async () => {
          attempts.push('good');
          return { part: 'good' };
        },
        async () => {
          attempts.push('bad');
          if (!isMended) throw new AppError('upstream_failed', 'not yet');
          return { part: 'mended' };
        },
      ]),
    );
    expect(await system.runs.waitFor(runId)).toMatchObject({ status: 'failed', error: { code: 'upstream_failed' } });
    isMended = true;
    await system.runs.control(runId, { action: 'retry' });
    expect(await system.runs.waitFor(runId)).toMatchObject({
      status: 'completed',
      result: { ended: [{ part: 'good' }, { part: 'mended' }] },
    });
    expect(attempts.toSorted()).toEqual(['bad', 'bad', 'good']);
  });
});
