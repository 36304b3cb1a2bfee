import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { AppError } from '../../../src/core/errors.ts';
import { newId } from '../../../src/core/ids.ts';
import { createGate, untilAborted } from '../../support/gate.ts';
import { EXECUTOR_ID, mark, openEngine } from './engine-system.ts';

let system: Awaited<ReturnType<typeof openEngine>>;

beforeAll(async () => {
  system = await openEngine();
});
afterAll(() => system.close());

/** Cancels what runs and lets its code know, as the owner of a workflow does. */
async function cancel(id: string): Promise<void> {
  await system.control.cancel([id]);
  system.engine.abort(id, new AppError('cancelled', 'by the test'));
}

describe('a recorded step', () => {
  test('is not done again by a later delivery, which gets its result', async () => {
    const calls: string[] = [];
    const results: unknown[] = [];
    const held = createGate();
    let deliveries = 0;
    const id = await system.start(async (delivery) => {
      deliveries += 1;
      results.push(
        await delivery.step('plain', async () => {
          calls.push('plain');
          return { value: calls.length };
        }),
        await delivery.transaction('rows', async (transaction) => {
          calls.push('rows');
          return { value: await mark(transaction, delivery.workflowId, 'once') };
        }),
      );
      if (deliveries > 1) return;
      held.open();
      await untilAborted(delivery.signal);
    });
    await held.opened;
    await cancel(id);
    expect(await system.stateOf(id)).toBe('cancelled');
    await system.control.resume(id, { queue: 'main' });
    expect(await system.ended(id)).toBe('succeeded');
    expect(calls).toEqual(['plain', 'rows']);
    expect(results).toEqual([{ value: 1 }, { value: 'once' }, { value: 1 }, { value: 'once' }]);
    expect(await system.marks(id)).toEqual(['once']);
    expect((await system.control.steps(id)).map(({ name, isFailed }) => [name, isFailed])).toEqual([
      ['plain', false],
      ['rows', false],
    ]);
  });

  test('that failed fails again in the same way without being done', async () => {
    let calls = 0;
    let deliveries = 0;
    const thrown: unknown[] = [];
    const held = createGate();
    const id = await system.start(async (delivery) => {
      deliveries += 1;
      const failing = () =>
        delivery.step('fails', async () => {
          calls += 1;
          throw new AppError('not_configured', 'There is no key.', { hint: 'Set one.' });
        });
      await failing().catch((error: unknown) => thrown.push(error));
      if (deliveries > 1) return;
      held.open();
      await untilAborted(delivery.signal);
    });
    await held.opened;
    await cancel(id);
    await system.control.resume(id, { queue: 'main' });
    expect(await system.ended(id)).toBe('succeeded');
    expect(calls).toBe(1);
    const expected = { name: 'AppError', code: 'not_configured', message: 'There is no key.', hint: 'Set one.' };
    expect(thrown).toMatchObject([expected, expected]);
    expect(await system.control.steps(id)).toMatchObject([{ index: 0, name: 'fails', isFailed: true }]);
  });

  test('that is cut off by an abort has no record', async () => {
    const held = createGate();
    let calls = 0;
    const id = await system.start((delivery) =>
      delivery.step('cut', async () => {
        calls += 1;
        if (calls > 1) return 'done';
        held.open();
        return untilAborted(delivery.signal);
      }),
    );
    await held.opened;
    await cancel(id);
    expect(await system.control.steps(id)).toEqual([]);
    await system.control.resume(id, { queue: 'main' });
    expect(await system.ended(id)).toBe('succeeded');
    expect(calls).toBe(2);
  });
});

describe('a transactional step', () => {
  test('whose work fails leaves no rows, and its failure is the record', async () => {
    const id = await system.start(async (delivery) => {
      await delivery.transaction('fails', async (transaction) => {
        await mark(transaction, delivery.workflowId, 'lost');
        throw new AppError('invalid_input', 'no');
      });
    });
    expect(await system.ended(id)).toBe('failed');
    expect(await system.marks(id)).toEqual([]);
    expect(await system.control.steps(id)).toMatchObject([{ name: 'fails', isFailed: true }]);
  });

  test('whose connection breaks between its rows and its record is done again, once', async () => {
    let calls = 0;
    const id = await system.start((delivery) =>
      delivery.transaction('cut', async (transaction) => {
        calls += 1;
        await mark(transaction, delivery.workflowId, `call ${calls}`);
        if (calls > 1) return 'done';
        const own = z.object({ pid: z.number() });
        const [session] = await transaction.query(own, 'select pg_backend_pid() as pid');
        await system.database.execute('select pg_terminate_backend($1)', [session?.pid]);
        return 'lost';
      }),
    );
    expect(await system.ended(id)).toBe('succeeded');
    expect(await system.marks(id)).toEqual(['call 2']);
  });

  test('that a second delivery has recorded is passed over by the first, and both go to the end', async () => {
    const [reached, gate, zombieEnded] = [createGate(), createGate(), createGate()];
    let deliveries = 0;
    const id = await system.start(async (delivery) => {
      deliveries += 1;
      const isZombie = deliveries === 1;
      for (const step of ['a', 'b', 'c']) {
        await delivery.transaction(step, (transaction) => mark(transaction, delivery.workflowId, step));
        if (step !== 'a' || !isZombie) continue;
        reached.open();
        await gate.opened;
      }
      if (isZombie) zombieEnded.open();
    });
    await reached.opened;
    expect(await system.control.recover(EXECUTOR_ID)).toEqual([id]);
    expect(await system.ended(id)).toBe('succeeded');
    gate.open();
    await zombieEnded.opened;
    expect(deliveries).toBe(2);
    expect(await system.marks(id)).toEqual(['a', 'b', 'c']);
    expect(await system.stateOf(id)).toBe('succeeded');
    expect((await system.control.steps(id)).map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  });

  test('that two deliveries do at the same moment leaves the rows of one', async () => {
    const [first, both] = [createGate(), createGate()];
    let inside = 0;
    const id = await system.start(async (delivery) => {
      await delivery.transaction('contended', async (transaction) => {
        await mark(transaction, delivery.workflowId, 'row');
        inside += 1;
        if (inside === 1) first.open();
        if (inside === 2) both.open();
        await both.opened;
      });
      await delivery.transaction('next', (transaction) => mark(transaction, delivery.workflowId, 'row of next'));
    });
    await first.opened;
    await system.control.recover(EXECUTOR_ID);
    expect(await system.ended(id)).toBe('succeeded');
    expect(await system.marks(id)).toEqual(['row', 'row of next']);
  });
});

describe('an ended workflow', () => {
  test('can be rewound: what is before the step stays, the rest is done again', async () => {
    const calls: string[] = [];
    let isMended = false;
    const id = await system.start(async (delivery) => {
      await delivery.transaction('first', async (transaction) => {
        calls.push('first');
        return mark(transaction, delivery.workflowId, 'first');
      });
      await delivery.transaction('second', async (transaction) => {
        calls.push('second');
        if (!isMended) throw new AppError('invalid_input', 'not mended');
        return mark(transaction, delivery.workflowId, 'second');
      });
    });
    expect(await system.ended(id)).toBe('failed');
    isMended = true;
    await system.control.rewind(id, 1, { queue: 'main' });
    expect(await system.ended(id)).toBe('succeeded');
    expect(calls).toEqual(['first', 'second', 'second']);
    expect(await system.marks(id)).toEqual(['first', 'second']);
  });

  test('that was cancelled is rewound with the records of its transactional steps', async () => {
    const held = createGate();
    let deliveries = 0;
    const id = await system.start(async (delivery) => {
      deliveries += 1;
      const value = `of delivery ${deliveries}`;
      await delivery.transaction('kept', (transaction) => mark(transaction, delivery.workflowId, `kept ${value}`));
      await delivery.transaction('redone', (transaction) => mark(transaction, delivery.workflowId, `redone ${value}`));
      if (deliveries > 1) return;
      held.open();
      await untilAborted(delivery.signal);
    });
    await held.opened;
    await cancel(id);
    await system.control.rewind(id, 1, { queue: 'main' });
    expect(await system.ended(id)).toBe('succeeded');
    expect(await system.marks(id)).toEqual(['kept of delivery 1', 'redone of delivery 1', 'redone of delivery 2']);
  });

  test('is not rewound while it runs', async () => {
    const held = createGate();
    const id = await system.start(async ({ signal }) => {
      held.open();
      await untilAborted(signal);
    });
    await held.opened;
    await expect(system.control.rewind(id, 0, { queue: 'main' })).rejects.toMatchObject({ code: 'conflict' });
    await cancel(id);
  });

  test('can be forked: the new one has the records before the step', async () => {
    const calls: string[] = [];
    const code = async (delivery: Parameters<Parameters<typeof system.start>[0]>[0]): Promise<void> => {
      for (const step of ['first', 'second']) {
        await delivery.step(step, async () => {
          calls.push(`${delivery.workflowId} ${step}`);
        });
      }
    };
    const id = await system.start(code);
    expect(await system.ended(id)).toBe('succeeded');
    const forkedId = newId();
    system.codes.set(forkedId, code);
    await system.control.fork(id, 1, { workflowId: forkedId, queue: 'main' });
    expect(await system.ended(forkedId)).toBe('succeeded');
    expect(calls).toEqual([`${id} first`, `${id} second`, `${forkedId} second`]);
    expect(await system.stateOf(id)).toBe('succeeded');
  });
});
