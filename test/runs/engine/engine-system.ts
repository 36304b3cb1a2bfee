import { z } from 'zod';
import type { Queryable } from '../../../src/core/db/index.ts';
import { newId } from '../../../src/core/ids.ts';
import { createSilentLog } from '../../../src/core/log.ts';
import { createWorkflowEngine } from '../../../src/runs/engine/index.ts';
import type { QueueSettings, WorkflowDelivery, WorkflowState } from '../../../src/runs/engine/index.ts';
import { createProductDatabase } from '../../support/test-database.ts';

/** The code of one workflow; what it returns is pushed to `outputs`. */
export type Code = (delivery: WorkflowDelivery) => Promise<unknown>;

export const EXECUTOR_ID = 'test-host-0';
/** The one registered workflow: it does what the test has written for its id. */
export const WORKFLOW = 'code';

const ENDED: ReadonlySet<WorkflowState | undefined> = new Set(['succeeded', 'failed', 'cancelled', 'exhausted']);

/** An engine that executes on a database of its own, with a table `mark` for the rows of transactional steps. */
export async function openEngine(queues: readonly QueueSettings[] = [{ name: 'main', workerConcurrency: 4 }]) {
  const testDatabase = await createProductDatabase();
  const { database } = testDatabase;
  await database.execute('create table mark (workflow_id text not null, value text not null)');
  const engine = createWorkflowEngine({ database, log: createSilentLog() });
  const codes = new Map<string, Code>();
  const delivered: string[] = [];
  engine.register(WORKFLOW, async (delivery) => {
    delivered.push(delivery.workflowId);
    await codes.get(delivery.workflowId)?.(delivery);
    return 'ended';
  });
  await engine.connect();
  await engine.launch({ executorId: EXECUTOR_ID, queues });
  const { control } = engine;
  const stateOf = async (id: string): Promise<WorkflowState | undefined> => (await control.states([id])).get(id);
  return {
    engine,
    control,
    database,
    delivered,
    codes,
    stateOf,
    /** Queues a workflow that does this; returns its id. */
    async start(code: Code, options: { id?: string; queue?: string; partition?: string; priority?: number } = {}) {
      const { id = newId(), queue = 'main', ...rest } = options;
      codes.set(id, code);
      await control.enqueue(WORKFLOW, { workflowId: id, queue, ...rest });
      return id;
    },
    async ended(id: string): Promise<WorkflowState | undefined> {
      for (;;) {
        const state = await stateOf(id);
        if (ENDED.has(state)) return state;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    async marks(id: string): Promise<string[]> {
      const rows = await database.query(z.object({ value: z.string() }), MARKS, [id]);
      return rows.map(({ value }) => value);
    },
    async close(): Promise<void> {
      await engine.disconnect();
      await testDatabase.drop();
    },
  };
}

const MARKS = 'select value from mark where workflow_id = $1 order by value';

/** A row of a transactional step. */
export async function mark(transaction: Queryable, workflowId: string, value: string): Promise<string> {
  await transaction.execute('insert into mark (workflow_id, value) values ($1, $2)', [workflowId, value]);
  return value;
}
