import { z } from 'zod';
import type { Database } from '../core/db/index.ts';
import { runLogLevels } from './run-schema.ts';
import type { RunEvent } from './run-schema.ts';

/** What is new of one run. */
export interface NewOfRun {
  readonly runId: string;
  readonly owner: string;
  readonly lines: readonly RunEvent[];
}

const sequenceRow = z.object({ sequence: z.coerce.number() });
const lineRow = z.object({
  run_id: z.string(),
  owner: z.string(),
  sequence: z.coerce.number().nullable(),
  at: z.string().nullable(),
  level: z.enum(runLogLevels).nullable(),
  message: z.string().nullable(),
});

/** Log lines and owners of many runs at a time. */
export class RunTailStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The sequence of the last line of all. */
  async lastSequence(): Promise<number> {
    const sql = 'select coalesce(max(sequence), 0) as sequence from lightdom.run_event';
    return (await this.#database.query(sequenceRow, sql))[0]?.sequence ?? 0;
  }

  /** Of each run that exists, the lines after the sequence given for it: the first `limit` of them. */
  async list(after: ReadonlyMap<string, number>, limit: number): Promise<NewOfRun[]> {
    const sql = `select run.run_id, run.owner, line.sequence, to_char(line.at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, line.level, line.message
      from unnest($1::text[], $2::bigint[]) as asked (run_id, after)
      join lightdom.run on run.run_id = asked.run_id
      left join lateral (
        select sequence, at, level, message from lightdom.run_event event
        where event.run_id = asked.run_id and event.sequence > asked.after order by sequence limit $3
      ) line on true
      order by run.run_id, line.sequence`;
    const params = [[...after.keys()], [...after.values()], limit];
    const byRun = new Map<string, { runId: string; owner: string; lines: RunEvent[] }>();
    for (const row of await this.#database.query(lineRow, sql, params)) {
      const { run_id: runId, owner, sequence, at, level, message } = row;
      const found = byRun.get(runId) ?? { runId, owner, lines: [] };
      byRun.set(runId, found);
      if (sequence === null || at === null || level === null || message === null) continue;
      found.lines.push({ sequence, runId, at, level, message });
    }
    return [...byRun.values()];
  }
}
