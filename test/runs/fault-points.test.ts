import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Database } from '../../src/core/db/index.ts';
import { FAULT_POINTS } from '../../src/runs/index.ts';
import type { FaultPoint } from '../../src/runs/index.ts';
import { createProductDatabase } from '../support/test-database.ts';

const CHILD = fileURLToPath(new URL('../fixtures/runs/fault-child.mjs', import.meta.url));

/** The table has no unique key: a row that is stored twice must be seen, not refused. */
const TABLES = `create table journey_row (run_id text not null, sequence bigint not null, value bigint not null);
  create table journey_fact (name text primary key, fact jsonb not null)`;

/** Everything that is there in the end, but ids, times and the number of attempts. */
const ENDS = {
  runs: `select title, kind, status, result, error, spent from lightdom.run order by title`,
  rows: `select title, count(*)::int as rows, count(distinct sequence)::int as distinct, sum(value)::int as sum
    from journey_row left join lightdom.run using (run_id) group by title order by title`,
  cancelled: `select fact from journey_fact where name = 'cancelled'`,
  questions: `select key, answer, is_withdrawn from lightdom.run_question order by key`,
  workflows: `select status, count(*)::int as count from dbos.workflow_status group by status`,
  leftovers: `select (select count(*)::int from lightdom.worker) as workers,
    (select count(*)::int from dbos.transaction_completion done
      left join dbos.workflow_status workflow on workflow.workflow_uuid = done.workflow_id
      where workflow.workflow_uuid is null) as completions,
    (select count(*)::int from lightdom.run_event left join lightdom.run using (run_id) where run.run_id is null) as events`,
};
const anyRow = z.record(z.string(), z.unknown());

/** A recovery needs one that is dead: it dies in the midst of a transaction, and the next comes under another name. */
const VICTIM_POINT: FaultPoint = 'transaction:recorded';

describe('a process that is killed', () => {
  let undisturbed: unknown;

  beforeAll(async () => {
    undisturbed = await endOf([{ host: 'one' }]);
  });

  test('leaves what the run is meant to leave when it is not killed', () => {
    expect(undisturbed).toMatchInlineSnapshot(`
      {
        "cancelled": [
          {
            "fact": {
              "statuses": [
                "doomed: cancelled",
                "doomed, part 1: cancelled",
                "doomed, part 2: cancelled",
              ],
              "stored": [
                {
                  "distinct": 9001,
                  "rows": 9001,
                  "sum": 4495542,
                  "title": "doomed",
                },
                {
                  "distinct": 5000,
                  "rows": 5000,
                  "sum": 2497500,
                  "title": "doomed, part 1",
                },
                {
                  "distinct": 5000,
                  "rows": 5000,
                  "sum": 2497500,
                  "title": "doomed, part 2",
                },
              ],
            },
          },
        ],
        "leftovers": [
          {
            "completions": 0,
            "events": 0,
            "workers": 0,
          },
        ],
        "questions": [
          {
            "answer": {
              "action": "accept",
              "content": {
                "approve": true,
              },
            },
            "is_withdrawn": false,
            "key": "approval-1",
          },
          {
            "answer": {
              "action": "accept",
              "content": {
                "name": 7,
              },
            },
            "is_withdrawn": false,
            "key": "ask-1-name",
          },
          {
            "answer": {
              "action": "accept",
              "content": {
                "name": "Ada",
              },
            },
            "is_withdrawn": false,
            "key": "ask-1-name-2",
          },
          {
            "answer": {
              "action": "accept",
              "content": {
                "sure": true,
              },
            },
            "is_withdrawn": false,
            "key": "ask-1-sure",
          },
        ],
        "rows": [
          {
            "distinct": 9001,
            "rows": 9001,
            "sum": 4495542,
            "title": "journey",
          },
          {
            "distinct": 5000,
            "rows": 5000,
            "sum": 2497500,
            "title": "journey, part 1",
          },
          {
            "distinct": 5000,
            "rows": 5000,
            "sum": 2497500,
            "title": "journey, part 2",
          },
        ],
        "runs": [
          {
            "error": null,
            "kind": "journey",
            "result": {
              "answers": {
                "name": {
                  "action": "accept",
                  "content": {
                    "name": "Ada",
                  },
                },
                "sure": {
                  "action": "accept",
                  "content": {
                    "sure": true,
                  },
                },
              },
              "children": [
                {
                  "status": "completed",
                  "stored": {
                    "distinct": 5000,
                    "rows": 5000,
                    "sum": 2497500,
                  },
                },
                {
                  "status": "completed",
                  "stored": {
                    "distinct": 5000,
                    "rows": 5000,
                    "sum": 2497500,
                  },
                },
              ],
              "distinct": 9001,
              "rows": 19001,
              "sum": 9490542,
            },
            "spent": {
              "operations": 9000,
            },
            "status": "completed",
            "title": "journey",
          },
          {
            "error": null,
            "kind": "journey_part",
            "result": {
              "distinct": 5000,
              "rows": 5000,
              "sum": 2497500,
            },
            "spent": {
              "operations": 5000,
            },
            "status": "completed",
            "title": "journey, part 1",
          },
          {
            "error": null,
            "kind": "journey_part",
            "result": {
              "distinct": 5000,
              "rows": 5000,
              "sum": 2497500,
            },
            "spent": {
              "operations": 5000,
            },
            "status": "completed",
            "title": "journey, part 2",
          },
        ],
        "workflows": [
          {
            "count": 3,
            "status": "SUCCESS",
          },
        ],
      }
    `);
  });

  test.concurrent.each(FAULT_POINTS)(
    'at %s leaves the same as one that is not',
    { timeout: 120_000 },
    async (fault) => {
      const isRecovery = fault.startsWith('recover:');
      const lives = isRecovery
        ? [{ host: 'one', fault: VICTIM_POINT }, { host: 'two', fault }, { host: 'three' }]
        : [{ host: 'one', fault }, { host: 'one' }];
      expect(await endOf(lives)).toEqual(undisturbed);
    },
  );
});

interface Life {
  readonly host: string;
  /** Where it is killed; without one it comes to its end. */
  readonly fault?: FaultPoint;
}

/** What one process after the other leaves in a database of its own. */
async function endOf(lives: readonly Life[]): Promise<Record<string, unknown>> {
  const testDatabase = await createProductDatabase();
  const { database, url } = testDatabase;
  try {
    await database.execute(TABLES);
    for (const life of lives) await live(url, life);
    return await endState(database);
  } finally {
    await testDatabase.drop();
  }
}

async function live(url: string, { host, fault }: Life): Promise<void> {
  const child = spawn(process.execPath, ['--no-deprecation', CHILD, url, host, fault ?? ''], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
  await once(child, 'close');
  const end = child.signalCode ?? child.exitCode;
  const meant = fault === undefined ? 0 : 'SIGKILL';
  if (end !== meant) throw new Error(`${host} was to end with ${meant} (${fault}), not with ${end}:\n${said.stderr}`);
  // It belongs to the protocol: neither we nor the engine may speak there.
  expect(said.stdout).toBe('');
}

async function endState(database: Database): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const [name, sql] of Object.entries(ENDS)) found[name] = await database.query(anyRow, sql);
  return found;
}
