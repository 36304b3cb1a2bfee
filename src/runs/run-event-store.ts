import { z } from 'zod';
import type { Database } from '../core/db/index.ts';
import { isoText } from './run-rows.ts';
import { runEventSchema } from './run-schema.ts';
import type { RunEvent } from './run-schema.ts';

export type NewRunEvent = Pick<RunEvent, 'at' | 'level' | 'message'>;

const EVENT_COLUMNS = `sequence, run_id as "runId", ${isoText('at')}, level, message`;
const eventRow = runEventSchema.extend({ sequence: z.coerce.number() });

/** The table `run_event`: the log of a run. */
export class RunEventStore {
  readonly #database: Database;
  readonly #onAdded: (runId: string) => void;

  constructor(database: Database, onAdded: (runId: string) => void = () => {}) {
    this.#database = database;
    this.#onAdded = onAdded;
  }

  async add(runId: string, events: readonly NewRunEvent[]): Promise<void> {
    const sql = `insert into lightdom.run_event (run_id, at, level, message)
      select $1, (event->>'at')::timestamptz, event->>'level', event->>'message'
      from jsonb_array_elements($2::jsonb) with ordinality as list (event, position) order by position`;
    await this.#database.execute(sql, [runId, JSON.stringify(events)]);
    this.#onAdded(runId);
  }

  /** Oldest first, after the event with the sequence `after`. */
  list(runId: string, after: number, limit: number): Promise<RunEvent[]> {
    const sql = `select ${EVENT_COLUMNS} from lightdom.run_event
      where run_id = $1 and sequence > $2 order by sequence limit $3`;
    return this.#database.query(eventRow, sql, [runId, after, limit]);
  }

  /** The last ones, oldest first. */
  async recent(runId: string, limit: number): Promise<RunEvent[]> {
    const sql = `select ${EVENT_COLUMNS} from lightdom.run_event
      where run_id = $1 order by sequence desc limit $2`;
    return (await this.#database.query(eventRow, sql, [runId, limit])).toReversed();
  }
}
