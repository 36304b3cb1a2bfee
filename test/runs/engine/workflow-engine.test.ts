import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { connectDatabase } from '../../../src/core/db/index.ts';
import { newId } from '../../../src/core/ids.ts';
import { createSilentLog } from '../../../src/core/log.ts';
import { createWorkflowEngine } from '../../../src/runs/engine/index.ts';
import type { WorkflowDelivery, WorkflowEngine } from '../../../src/runs/engine/index.ts';
import { createGate, untilAborted } from '../../support/gate.ts';
import { createProductDatabase } from '../../support/test-database.ts';
import type { TestDatabase } from '../../support/test-database.ts';
import { EXECUTOR_ID, openEngine } from './engine-system.ts';

const LAUNCH = { executorId: EXECUTOR_ID, queues: [{ name: 'main', workerConcurrency: 2 }] };

describe('launching', () => {
  let testDatabase: TestDatabase;
  let built: WorkflowEngine[] = [];

  beforeEach(async () => {
    testDatabase = await createProductDatabase();
  });
  afterEach(async () => {
    for (const engine of built.splice(0)) await engine.disconnect();
    await testDatabase.drop();
  });

  function build(): WorkflowEngine {
    const engine = createWorkflowEngine({ database: testDatabase.database, log: createSilentLog() });
    built.push(engine);
    return engine;
  }

  test('a second engine in one process is refused until the first has stopped', async () => {
    const [first, second] = [build(), build()];
    await first.connect();
    await second.connect();
    await first.launch(LAUNCH);
    await expect(second.launch(LAUNCH)).rejects.toMatchObject({ code: 'conflict' });
    await expect(first.launch(LAUNCH)).rejects.toMatchObject({ code: 'conflict' });
    await first.stop();
    await second.launch(LAUNCH);
    await second.stop();
    await first.launch(LAUNCH);
  });

  test('that fails leaves the process free for another engine', async () => {
    const url = new URL(testDatabase.url);
    url.port = '1';
    const away = { ...testDatabase.database, url: url.href };
    const broken = createWorkflowEngine({ database: away, log: createSilentLog() });
    await expect(broken.connect()).rejects.toMatchObject({ code: 'not_ready' });
    await expect(broken.launch(LAUNCH)).rejects.toMatchObject({ code: 'not_ready' });
    const engine = build();
    await engine.connect();
    await engine.launch(LAUNCH);
  });

  test('is refused to workflows that are registered twice or too late', async () => {
    const engine = build();
    const handler = () => Promise.resolve('ended' as const);
    engine.register('one', handler);
    expect(() => engine.register('one', handler)).toThrow(/registered already/);
    await engine.connect();
    await engine.launch(LAUNCH);
    expect(() => engine.register('two', handler)).toThrow(/came too late/);
  });

  test('what is asked of an engine that is not connected is refused', async () => {
    const engine = build();
    await expect(engine.control.states(['x'])).rejects.toMatchObject({ code: 'not_ready' });
    await engine.connect();
    await expect(engine.connect()).rejects.toMatchObject({ code: 'conflict' });
    await engine.disconnect();
    await engine.connect();
    expect(await engine.control.states(['x'])).toEqual(new Map());
  });

  test('takes up what a stop has interrupted, under the same id', async () => {
    const [held, stopped] = [createGate(), createGate()];
    const first = build();
    first.register('code', async ({ signal }) => {
      held.open();
      await untilAborted(signal).finally(() => stopped.open());
      return 'ended';
    });
    await first.connect();
    await first.launch(LAUNCH);
    await first.control.enqueue('code', { workflowId: 'w', queue: 'main' });
    await held.opened;
    await first.stop();
    await stopped.opened;
    expect(await first.control.states(['w'])).toEqual(new Map([['w', 'running']]));
    const second = build();
    const again = createGate();
    second.register('code', async () => {
      again.open();
      return 'ended';
    });
    await second.connect();
    await second.launch(LAUNCH);
    await again.opened;
    await expect.poll(() => second.control.states(['w'])).toEqual(new Map([['w', 'succeeded']]));
  });
});

describe('a workflow', () => {
  let system: Awaited<ReturnType<typeof openEngine>>;

  beforeEach(async () => {
    system = await openEngine();
  });
  afterEach(() => system.close());

  test('is started once, whatever the number of calls with its id', async () => {
    const [a, b] = [newId(), newId()];
    const nothing = (): Promise<void> => Promise.resolve();
    await Promise.all([a, a, a, b].map((id) => system.start(nothing, { id })));
    expect([await system.ended(a), await system.ended(b)]).toEqual(['succeeded', 'succeeded']);
    await system.start(nothing, { id: a });
    await system.ended(await system.start(nothing));
    expect(system.delivered.filter((id) => id === a || id === b).toSorted()).toEqual([a, b].toSorted());
    expect([...(await system.control.states([a, b, 'unknown'])).keys()].toSorted()).toEqual([a, b].toSorted());
  });

  test('of another version is not delivered', async () => {
    const [began, gate] = [createGate(), createGate()];
    const blockers = await Promise.all(
      Array.from({ length: 4 }, () =>
        system.start(async () => {
          began.open();
          await gate.opened;
        }),
      ),
    );
    await expect.poll(() => system.delivered.length).toBe(4);
    const id = await system.start(() => Promise.resolve());
    const sql = `update dbos.workflow_status set application_version = 'other' where workflow_uuid = $1`;
    expect(await system.database.execute(sql, [id])).toBe(1);
    const later = await system.start(() => Promise.resolve());
    gate.open();
    for (const one of [...blockers, later]) expect(await system.ended(one)).toBe('succeeded');
    expect(await system.stateOf(id)).toBe('queued');
    expect(system.delivered).not.toContain(id);
  });

  test('that was removed leaves nothing, and removing the unknown is harmless', async () => {
    const held = createGate();
    const steps = async (delivery: WorkflowDelivery): Promise<void> => {
      await delivery.step('plain', () => Promise.resolve(1));
      await delivery.transaction('rows', () => Promise.resolve(2));
    };
    const ended = await system.start(steps);
    await system.ended(ended);
    const cancelled = await system.start(async (delivery) => {
      await steps(delivery);
      held.open();
      await untilAborted(delivery.signal);
    });
    await held.opened;
    await system.control.cancel([cancelled]);
    system.engine.abort(cancelled, new Error('by the test'));
    const ids = [ended, cancelled];
    await system.control.remove([...ids, 'unknown']);
    expect(await system.control.states(ids)).toEqual(new Map());
    expect(await system.control.steps(ended)).toEqual([]);
    const sql = `select (select count(*) from dbos.transaction_completion where workflow_id = any($1)) as completions,
      (select count(*) from dbos.operation_outputs where workflow_uuid = any($1)) as outputs`;
    const row = z.object({ completions: z.coerce.number(), outputs: z.coerce.number() });
    expect(await system.database.query(row, sql, [ids])).toEqual([{ completions: 0, outputs: 0 }]);
  });

  test('that throws has failed', async () => {
    const id = await system.start(() => Promise.reject(new Error('broken')));
    expect(await system.ended(id)).toBe('failed');
  });

  test('survives the loss of every connection to the database', async () => {
    const [held, gate] = [createGate(), createGate()];
    const id = await system.start(async (delivery) => {
      await delivery.step('before', () => Promise.resolve(1));
      held.open();
      await gate.opened;
      await delivery.transaction('after', (transaction) => transaction.execute('select 1'));
    });
    await held.opened;
    const admin = await connectDatabase({ url: system.database.url, log: createSilentLog(), max: 1 });
    const sql = `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`;
    await admin.execute(sql);
    await admin.close();
    gate.open();
    expect(await system.ended(id)).toBe('succeeded');
    const next = await system.start(() => Promise.resolve());
    expect(await system.ended(next)).toBe('succeeded');
  });
});
