import { z } from 'zod';
import type { Database } from '../core/db/index.ts';
import { EVENT_TYPES } from './live-event.ts';
import type { EventType, LiveEvent } from './live-event.ts';

/** An event as it is stored: it gets its id there. */
export interface UnstoredEvent {
  readonly type: EventType;
  readonly runId: string | undefined;
  readonly owner: string | undefined;
  readonly data: string;
}

const idRow = z.object({ last_id: z.coerce.number() });
const eventRow = z
  .object({
    id: z.coerce.number(),
    type: z.enum(EVENT_TYPES).catch('gap'),
    run_id: z.string().nullable(),
    owner: z.string().nullable(),
    data: z.string(),
  })
  .transform(({ id, type, run_id, owner, data }) => ({
    id,
    type,
    runId: run_id ?? undefined,
    owner: owner ?? undefined,
    data,
  }));

/** The tables `event_stream` and `live_event`. A stream is that of one master. */
export class EventOutboxStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Stores all or none, and returns the id of the last. Undefined, with nothing stored, when the stream does not end with
   * the id `after`. The row of the stream is the lock by which ids have no holes.
   */
  async append(stream: string, events: readonly UnstoredEvent[], after: number): Promise<number | undefined> {
    const sql = `with advanced as (
        insert into lightdom.event_stream as known (stream, last_id) values ($1, $4::bigint + $3::int)
        on conflict (stream) do update set last_id = known.last_id + $3::int where known.last_id = $4::bigint
        returning last_id
      ), stored as (
        insert into lightdom.live_event (stream, id, type, run_id, owner, data)
        select $1, last_id - $3::int + position, event->>'type', event->>'runId', event->>'owner', event->>'data'
        from advanced, jsonb_array_elements($2::jsonb) with ordinality as list (event, position)
      )
      select last_id from advanced`;
    const [row] = await this.#database.query(idRow, sql, [stream, JSON.stringify(events), events.length, after]);
    return row?.last_id;
  }

  /** 0 for a stream in which nothing has happened yet. */
  async lastId(stream: string): Promise<number> {
    const sql = 'select last_id from lightdom.event_stream where stream = $1';
    return (await this.#database.query(idRow, sql, [stream]))[0]?.last_id ?? 0;
  }

  /** In the order of their ids. */
  list(stream: string, after: number, limit: number): Promise<LiveEvent[]> {
    const sql = `select id, type, run_id, owner, data from lightdom.live_event
      where stream = $1 and id > $2 order by id limit $3`;
    return this.#database.query(eventRow, sql, [stream, after, limit]);
  }

  /**
   * Forgets what is too old or too much, of all streams: nobody else does it for a master that is gone. A stream that is
   * being written to has its turn the next time.
   */
  async prune({ maxRows, maxAgeMs }: { readonly maxRows: number; readonly maxAgeMs: number }): Promise<number> {
    const sql = `with streams as (
        select stream, last_id from lightdom.event_stream for update skip locked
      ), bounds as (
        select stream, greatest(last_id - $1, (
          select max(id) from lightdom.live_event old
          where old.stream = streams.stream and old.at < clock_timestamp() - $2 * interval '1 millisecond'
        )) as last_forgotten from streams
      )
      delete from lightdom.live_event event using bounds
      where event.stream = bounds.stream and event.id <= bounds.last_forgotten`;
    return this.#database.execute(sql, [maxRows, maxAgeMs]);
  }
}
