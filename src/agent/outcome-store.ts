import { z } from 'zod';
import type { Database } from '../core/db/index.ts';
import type { Patcher } from './agent-schema.ts';
import { recordText } from './stored-record.ts';

/** One attempt, as what is learned from it. */
export interface PastOutcome {
  readonly fixer: string;
  readonly rule: string;
  /** Error codes that were there together. */
  readonly codes: readonly string[];
  /** Verified and, as far as a person has decided, accepted. */
  readonly isSuccess: boolean;
  /** When that was known; ISO 8601. */
  readonly at: string;
}

export interface NewOutcome extends Omit<PastOutcome, 'at'> {
  readonly root: string;
  readonly attemptId: string;
  readonly patcher: Patcher;
  /** What had been expected. */
  readonly probability?: number | undefined;
}

const MAX_NAME = 300;
const MAX_CODES = 50;

const outcomeRow = z.object({
  fixer: z.string(),
  rule: z.string(),
  codes: z.array(z.string()),
  isSuccess: z.boolean(),
  at: z.string(),
});

/** Outcomes of attempts in Postgres. They stay when tasks go: what was learned is not forgotten. */
export class OutcomeStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** What the checks said. The first word on an attempt stays, and a person's counts more. */
  async record(outcome: NewOutcome): Promise<void> {
    const { root, attemptId, patcher, fixer, rule, codes, isSuccess, probability } = outcome;
    await this.#db.transaction(async (transaction) => {
      await transaction.execute('insert into lightdom.workspace (root) values ($1) on conflict do nothing', [root]);
      const sql = `insert into lightdom.agent_outcome
          (workspace_id, attempt_id, patcher, fixer, rule, codes, is_success, decided_by, probability)
        select w.id, $2, $3, $4, $5, $6, $7, 'checks', $8 from lightdom.workspace w where w.root = $1
        on conflict (attempt_id) do nothing`;
      const names = [fixer, rule].map((name) => recordText(name, MAX_NAME));
      const sorted = [...new Set(codes)].toSorted().slice(0, MAX_CODES);
      const kept = sorted.map((code) => recordText(code, MAX_NAME));
      await transaction.execute(sql, [root, attemptId, patcher, ...names, kept, isSuccess, probability ?? null]);
    });
  }

  /** What a person decided on a fix: merged or rejected. False when nothing is known of the attempt, or they did so before. */
  async decide(attemptId: string, isAccepted: boolean): Promise<boolean> {
    const sql = `update lightdom.agent_outcome set is_success = $2, decided_by = 'person', updated_at = clock_timestamp()
      where attempt_id = $1 and (decided_by = 'checks' or is_success <> $2)`;
    return (await this.#db.execute(sql, [attemptId, isAccepted])) > 0;
  }

  /** The newest of all workspaces, in the order in which they became known. */
  async list(limit: number): Promise<PastOutcome[]> {
    const sql = `select o.fixer, o.rule, o.codes, o.is_success as "isSuccess",
        to_char(o.updated_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at
      from lightdom.agent_outcome o order by o.updated_at desc, o.outcome_id desc limit $1`;
    return (await this.#db.query(outcomeRow, sql, [limit])).toReversed();
  }
}
