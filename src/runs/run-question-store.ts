import { z } from 'zod';
import type { Database, Queryable } from '../core/db/index.ts';
import { RUN_COLUMNS, runRow } from './run-rows.ts';
import type { StoredRun } from './run-rows.ts';
import type { WAITING_STATUSES } from './run-schema.ts';
import type { RunAttempt } from './run-store.ts';

export type WaitingStatus = (typeof WAITING_STATUSES)[number];

/** What the code of a run asked in one of its places the last time. */
export interface AskedQuestion {
  /** 1 at the first time. */
  readonly round: number;
  /** Undefined while it is open. */
  readonly answer: unknown;
  /** The answer counts no more: the run was retried. */
  readonly isWithdrawn: boolean;
}

export interface NewQuestion {
  /** Where the code of the run asks: `approval-1`, `ask-2-name`. */
  readonly slot: string;
  readonly round: number;
  readonly message: string;
  /** JSON Schema; null for an approval. */
  readonly form: Readonly<Record<string, unknown>> | null;
}

export interface NewAnswer {
  readonly key: string;
  /** `{action, content?}` as JSON text. */
  readonly answer: string;
  /** For the log of the run. */
  readonly note: string;
}

const askedRow = z
  .object({ slot: z.string(), round: z.number(), answer: z.unknown(), is_withdrawn: z.boolean() })
  .transform(({ slot, round, answer, is_withdrawn }) => ({
    slot,
    asked: { round, answer: answer ?? undefined, isWithdrawn: is_withdrawn },
  }));
const idRow = z.object({ run_id: z.string() });

const NOTES = { waiting_approval: 'waits for approval', waiting_input: 'asks' } as const;

/** The questions of runs, and the changes of state that asking and answering are. */
export class RunQuestionStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** By slot; absent where it has not asked yet. */
  async listAsked(runId: string, slots: readonly string[]): Promise<ReadonlyMap<string, AskedQuestion>> {
    const sql = `select distinct on (slot) slot, round, answer, is_withdrawn from lightdom.run_question
      where run_id = $1 and slot = any($2::text[]) order by slot, round desc`;
    const rows = await this.#database.query(askedRow, sql, [runId, slots]);
    return new Map(rows.map(({ slot, asked }) => [slot, asked]));
  }

  /** Undefined when the attempt is over. What is open already stays as it is. */
  ask(
    { runId, attempt }: RunAttempt,
    { status, questions }: { readonly status: WaitingStatus; readonly questions: readonly NewQuestion[] },
  ): Promise<StoredRun | undefined> {
    const sql = `with given as (
        select * from json_to_recordset($5::json) as given (key text, slot text, round int, message text, form json)
      ), changed as (
        update lightdom.run set status = $3, updated_at = clock_timestamp()
        where run_id = $1 and attempt = $2 and status = 'running' returning run_id
      ), asked as (
        insert into lightdom.run_question (run_id, key, slot, round, message, form)
        select run_id, key, slot, round, message, nullif(form::text, 'null')::json from changed, given
        on conflict do nothing
      ), noted as (
        insert into lightdom.run_event (run_id, level, message)
        select run_id, 'info', $4::text || ': ' || message from changed, given
      )
      select run_id from changed`;
    const given = questions.map((question) => ({ ...question, key: keyOf(question) }));
    const params = [runId, attempt, status, NOTES[status], JSON.stringify(given)];
    return this.#thenRead((transaction) => transaction.query(idRow, sql, params));
  }

  /**
   * The run goes on when nothing stays open. Undefined when none of the keys was open. Whoever answers waits for the
   * others, so that the last one sees that it is.
   */
  answer(runId: string, answers: readonly NewAnswer[]): Promise<StoredRun | undefined> {
    const lock = `select run_id from lightdom.run
      where run_id = $1 and status in ('waiting_approval', 'waiting_input') for update`;
    const sql = `with given as (
        select * from json_to_recordset($2::json) as given (key text, answer text, note text)
      ), answered as (
        update lightdom.run_question asked set answer = given.answer::jsonb, answered_at = clock_timestamp()
        from given where asked.run_id = $1 and asked.key = given.key and asked.answer is null
        returning asked.key, given.note
      ), noted as (
        insert into lightdom.run_event (run_id, level, message) select $1, 'info', note from answered
      )
      update lightdom.run set updated_at = clock_timestamp(), status = case when exists (
        select from lightdom.run_question asked where asked.run_id = $1 and asked.answer is null
          and asked.key not in (select key from answered)
      ) then status else 'pending' end
      where run_id = $1 and exists (select from answered) returning run_id`;
    return this.#thenRead(async (transaction) => {
      const waiting = await transaction.query(idRow, lock, [runId]);
      return waiting.length === 0 ? [] : transaction.query(idRow, sql, [runId, JSON.stringify(answers)]);
    });
  }

  /** Answers the approval that the run waits for, whichever it is. Undefined when it waits for none. */
  async decide(
    runId: string,
    { decision, reason }: { readonly decision: 'approved' | 'rejected'; readonly reason: string | undefined },
  ): Promise<StoredRun | undefined> {
    const sql = `with changed as (
        update lightdom.run set status = 'pending', updated_at = clock_timestamp()
        where run_id = $1 and status = 'waiting_approval' returning *
      ), decided as (
        update lightdom.run_question set answer = $2::jsonb, answered_at = clock_timestamp()
        where answer is null and run_id in (select run_id from changed)
      ), noted as (
        insert into lightdom.run_event (run_id, level, message)
        select run_id, 'info', $3::text || coalesce(': ' || $4::text, '') from changed
      )
      select ${RUN_COLUMNS} from changed as run`;
    const answer = JSON.stringify({ action: 'accept', content: { approve: decision === 'approved', reason } });
    return (await this.#database.query(runRow, sql, [runId, answer, decision, reason ?? null]))[0];
  }

  /** A statement does not see the questions that it has stored itself. */
  #thenRead(change: (transaction: Queryable) => Promise<{ run_id: string }[]>): Promise<StoredRun | undefined> {
    return this.#database.transaction(async (transaction) => {
      const [changed] = await change(transaction);
      if (changed === undefined) return undefined;
      const sql = `select ${RUN_COLUMNS} from lightdom.run where run_id = $1`;
      return (await transaction.query(runRow, sql, [changed.run_id]))[0];
    });
  }
}

/** What is asked again is another question. Nothing in a slot after its number holds a hyphen, so no two keys meet. */
function keyOf({ slot, round }: NewQuestion): string {
  return round === 1 ? slot : `${slot}-${round}`;
}
