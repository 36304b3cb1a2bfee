import { z } from 'zod';
import type { Database } from '../../core/db/index.ts';

const countsRow = z.object({ rows: z.coerce.number(), distinct: z.coerce.number(), sum: z.string() });

/** What stands in the table of a drill. */
export interface DrillCounts {
  readonly rows: number;
  readonly distinct: number;
  /** Of all values, in decimal. */
  readonly sum: string;
}

/**
 * One table a drill, named after its run. It has no unique key: a row that is stored twice must be seen, not refused.
 */
export class DrillStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async createTable(runId: string): Promise<void> {
    const sql = `create table if not exists ${tableOf(runId)} (sequence bigint not null, value bigint not null)`;
    await this.#database.execute(sql);
  }

  async dropTable(runId: string): Promise<void> {
    await this.#database.execute(`drop table if exists ${tableOf(runId)}`);
  }

  async count(runId: string): Promise<DrillCounts> {
    const sql = `select count(*) as rows, count(distinct sequence) as distinct, coalesce(sum(value), 0)::text as sum
      from ${tableOf(runId)}`;
    const [row] = await this.#database.query(countsRow, sql);
    return row ?? { rows: 0, distinct: 0, sum: '0' };
  }

  /** The statement that takes rows of `drill-task.ts`. */
  copyStatement(runId: string): string {
    return `copy ${tableOf(runId)} (sequence, value) from stdin (format binary)`;
  }
}

/** Ids of runs are hexadecimal; anything else must not get into a statement. */
function tableOf(runId: string): string {
  if (!/^[0-9a-f]{32}$/.test(runId)) throw new Error(`${runId} is no id of a run.`);
  return `lightdom.drill_${runId}`;
}
