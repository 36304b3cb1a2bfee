import { z } from 'zod';
import type { Database } from '../../../core/db/index.ts';
import { newId } from '../../../core/ids.ts';
import type { AnswerKeeper, KeptAnswer, KeyedRequest, KeyState } from './rest-operation.ts';

export interface AnswerLimits {
  readonly ttlMs: number;
  /** Answers of one owner, and of all; the oldest are forgotten first. */
  readonly maxOfOwner: number;
  readonly maxAll: number;
}

/** Nobody repeats a request of yesterday by mistake. */
const DEFAULT_LIMITS: AnswerLimits = { ttlMs: 24 * 60 * 60_000, maxOfOwner: 1_000, maxAll: 10_000 };

const rowSchema = z.object({
  fingerprint: z.string(),
  holder: z.string(),
  status: z.number().nullable(),
  type: z.string().nullable(),
  body: z.string().nullable(),
});

/** First answers by owner and key, in the database: they outlast a restart. */
export class RequestAnswerStore implements AnswerKeeper {
  readonly #db: Pick<Database, 'query' | 'execute'>;
  readonly #limits: AnswerLimits;
  /** Tells what this process is at from what another one left behind. */
  readonly #holder = newId();

  constructor(db: Pick<Database, 'query' | 'execute'>, limits: AnswerLimits = DEFAULT_LIMITS) {
    this.#db = db;
    this.#limits = limits;
  }

  async begin({ owner, key, fingerprint }: KeyedRequest): Promise<KeyState> {
    await this.#forget(owner);
    const inserted = await this.#db.execute(
      `insert into lightdom.request_answer (owner, key, fingerprint, holder) values ($1, $2, $3, $4)
        on conflict (owner, key) do nothing`,
      [owner, key, fingerprint, this.#holder],
    );
    if (inserted === 1) return { kind: 'new' };
    const [row] = await this.#db.query(
      rowSchema,
      'select fingerprint, holder, status, type, body from lightdom.request_answer where owner = $1 and key = $2',
      [owner, key],
    );
    // Released between the two statements: who sends it once more will find it free.
    if (row === undefined) return { kind: 'begun', fingerprint, isOurs: true };
    const { status, type, body } = row;
    if (status === null || type === null || body === null)
      return { kind: 'begun', fingerprint: row.fingerprint, isOurs: row.holder === this.#holder };
    return { kind: 'answered', fingerprint: row.fingerprint, answer: { status, type, body } };
  }

  async keep({ owner, key }: KeyedRequest, { status, type, body }: KeptAnswer): Promise<void> {
    await this.#db.execute(
      `update lightdom.request_answer set status = $3, type = $4, body = $5
        where owner = $1 and key = $2 and holder = $6`,
      [owner, key, status, type, body, this.#holder],
    );
  }

  async release({ owner, key }: KeyedRequest): Promise<void> {
    await this.#db.execute(
      'delete from lightdom.request_answer where owner = $1 and key = $2 and holder = $3 and status is null',
      [owner, key, this.#holder],
    );
  }

  /** What is too old or too much. How much is at work at a time is limited elsewhere. */
  async #forget(owner: string): Promise<void> {
    const { ttlMs, maxOfOwner, maxAll } = this.#limits;
    await this.#db.execute(
      `delete from lightdom.request_answer a using (
          select owner, key from lightdom.request_answer
            where created_at < clock_timestamp() - $2 * interval '1 millisecond'
          union
          (select owner, key from lightdom.request_answer where owner = $1 and status is not null
            order by created_at desc, key offset $3)
          union
          (select owner, key from lightdom.request_answer where status is not null
            order by created_at desc, key offset $4)
        ) old
        where a.owner = old.owner and a.key = old.key`,
      [owner, ttlMs, maxOfOwner - 1, maxAll - 1],
    );
  }
}
