import { z } from 'zod';
import type { Database } from '../core/db/index.ts';
import type { ProcessIdentity } from '../core/process-identity.ts';
import type { StateChange } from './decisions/availability.ts';
import { SERVICE_STATES } from './decisions/service-state.ts';
import type { ServiceState } from './decisions/service-state.ts';
import { LOG_STREAMS } from './supervisor-schema.ts';
import type { LogLine } from './supervisor-schema.ts';

/** What is kept of a service from one supervisor to the next; an absent wish is the manifest's. */
export interface StoredService {
  readonly name: string;
  readonly isWanted: boolean | undefined;
  readonly isEnabled: boolean | undefined;
  readonly disabledReason: string | undefined;
  readonly process: ProcessIdentity | undefined;
  /** The last time that a supervisor looked after it. */
  readonly seenAtMs: number;
}

export interface NewTransition {
  readonly name: string;
  readonly from: ServiceState;
  readonly to: ServiceState;
  readonly reason: string;
  readonly isWanted: boolean;
  readonly atMs: number;
}

export interface NewLogLine extends LogLine {
  readonly name: string;
}

const serviceRow = z
  .object({
    name: z.string(),
    is_wanted: z.boolean().nullable(),
    is_enabled: z.boolean().nullable(),
    disabled_reason: z.string().nullable(),
    pid: z.number().nullable(),
    process_start: z.string().nullable(),
    seen_at_ms: z.number(),
  })
  .transform((row): StoredService => ({
    name: row.name,
    isWanted: row.is_wanted ?? undefined,
    isEnabled: row.is_enabled ?? undefined,
    disabledReason: row.disabled_reason ?? undefined,
    process: row.pid === null ? undefined : { pid: row.pid, processStart: row.process_start ?? '' },
    seenAtMs: row.seen_at_ms,
  }));
const changeRow = z
  .object({ to_state: z.enum(SERVICE_STATES), is_wanted: z.boolean(), at_ms: z.number() })
  .transform((row): StateChange => ({ state: row.to_state, isWanted: row.is_wanted, atMs: row.at_ms }));
const transitionRow = z
  .object({
    name: z.string(),
    from_state: z.enum(SERVICE_STATES),
    to_state: z.enum(SERVICE_STATES),
    reason: z.string(),
    is_wanted: z.boolean(),
    at_ms: z.number(),
  })
  .transform((row): NewTransition => ({
    name: row.name,
    from: row.from_state,
    to: row.to_state,
    reason: row.reason,
    isWanted: row.is_wanted,
    atMs: row.at_ms,
  }));
const lineRow = z.object({ at: z.string(), stream: z.enum(LOG_STREAMS), line: z.string() });

/** Rows of `service`, `service_transition` and `service_log` of one supervisor. */
export class SupervisorStore {
  readonly #database: Database;
  readonly #supervisorId: string;

  /** `supervisorId`: the same from one start to the next, and no other supervisor's on this database. */
  constructor(database: Database, supervisorId: string) {
    this.#database = database;
    this.#supervisorId = supervisorId;
  }

  listServices(): Promise<StoredService[]> {
    const sql = `select name, is_wanted, is_enabled, disabled_reason, pid, process_start,
        (extract(epoch from seen_at) * 1000)::float8 as seen_at_ms
      from lightdom.service where supervisor_id = $1 order by name`;
    return this.#database.query(serviceRow, sql, [this.#supervisorId]);
  }

  /** What is not named stays as it is. */
  async saveService(service: Pick<StoredService, 'name'> & Partial<StoredService>): Promise<void> {
    const { name, isWanted, isEnabled, disabledReason } = service;
    const sql = `insert into lightdom.service as stored
        (supervisor_id, name, is_wanted, is_enabled, disabled_reason, pid, process_start)
      values ($1, $2, $3, $4, $5, $6, $7)
      on conflict (supervisor_id, name) do update set
        is_wanted = coalesce($3, stored.is_wanted),
        is_enabled = coalesce($4, stored.is_enabled),
        disabled_reason = case when $4::boolean is null then stored.disabled_reason else $5 end,
        pid = case when $8 then $6 else stored.pid end,
        process_start = case when $8 then $7 else stored.process_start end,
        seen_at = clock_timestamp()`;
    const process = [service.process?.pid ?? null, service.process?.processStart ?? null, 'process' in service];
    const wishes = [isWanted ?? null, isEnabled ?? null, disabledReason ?? null];
    await this.#database.execute(sql, [this.#supervisorId, name, ...wishes, ...process]);
  }

  /** These services are looked after. */
  async touch(names: readonly string[]): Promise<void> {
    const sql = `update lightdom.service set seen_at = clock_timestamp()
      where supervisor_id = $1 and name = any($2::text[])`;
    await this.#database.execute(sql, [this.#supervisorId, names]);
  }

  async removeService(name: string): Promise<void> {
    const sql = 'delete from lightdom.service where supervisor_id = $1 and name = $2';
    await this.#database.execute(sql, [this.#supervisorId, name]);
  }

  async insertTransition(transition: NewTransition): Promise<void> {
    const sql = `insert into lightdom.service_transition
        (supervisor_id, name, from_state, to_state, reason, is_wanted, at)
      values ($1, $2, $3, $4, $5, $6, to_timestamp($7::float8 / 1000))`;
    const { name, from, to, reason, isWanted, atMs } = transition;
    await this.#database.execute(sql, [this.#supervisorId, name, from, to, reason, isWanted, atMs]);
  }

  async findLastTransition(name: string): Promise<NewTransition | undefined> {
    return (await this.listTransitions(name, 1))[0];
  }

  /** Newest first. */
  listTransitions(name: string, limit: number): Promise<NewTransition[]> {
    const sql = `select name, from_state, to_state, reason, is_wanted, (extract(epoch from at) * 1000)::float8 as at_ms
      from lightdom.service_transition where supervisor_id = $1 and name = $2 order by id desc limit $3`;
    return this.#database.query(transitionRow, sql, [this.#supervisorId, name, limit]);
  }

  /** Changes within the window, after the last one before it, in the order in which they were stored. */
  listChanges(name: string, fromMs: number): Promise<StateChange[]> {
    const sql = `select to_state, is_wanted, (extract(epoch from at) * 1000)::float8 as at_ms
      from lightdom.service_transition
      where supervisor_id = $1 and name = $2 and id >= coalesce((
        select max(id) from lightdom.service_transition
        where supervisor_id = $1 and name = $2 and at <= to_timestamp($3::float8 / 1000)), 0)
      order by id`;
    return this.#database.query(changeRow, sql, [this.#supervisorId, name, fromMs]);
  }

  async insertLines(lines: readonly NewLogLine[]): Promise<void> {
    const sql = `insert into lightdom.service_log (supervisor_id, name, stream, line, at)
      select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::timestamptz[])`;
    const columns = [
      lines.map(({ name }) => name),
      lines.map(({ stream }) => stream),
      lines.map(({ line }) => line),
      lines.map(({ at }) => at),
    ];
    await this.#database.execute(sql, [this.#supervisorId, ...columns]);
  }

  /** The last lines of a service, oldest of them first. */
  async listLines(name: string, limit: number): Promise<LogLine[]> {
    const sql = `select to_char(at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, stream, line
      from lightdom.service_log where supervisor_id = $1 and name = $2 order by id desc limit $3`;
    return (await this.#database.query(lineRow, sql, [this.#supervisorId, name, limit])).toReversed();
  }

  /** Deletes what is older; a service keeps its last transition, from which availability goes on. */
  async prune(age: { readonly logDays: number; readonly transitionDays: number }): Promise<void> {
    await this.#database.execute(
      `delete from lightdom.service_log
        where supervisor_id = $1 and at < clock_timestamp() - $2::int * interval '1 day'`,
      [this.#supervisorId, age.logDays],
    );
    await this.#database.execute(
      `delete from lightdom.service_transition as old
        where supervisor_id = $1 and at < clock_timestamp() - $2::int * interval '1 day' and exists (
          select from lightdom.service_transition newer
          where newer.supervisor_id = old.supervisor_id and newer.name = old.name and newer.id > old.id)`,
      [this.#supervisorId, age.transitionDays],
    );
  }
}
