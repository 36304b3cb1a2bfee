import { z } from 'zod';
import type { Database } from '../core/db/index.ts';
import type { ChatMessage } from '../core/llm/index.ts';
import { transcriptMessageSchema } from './transcript-schema.ts';
import type { TranscriptMessage } from './transcript-schema.ts';
import { recordText } from './stored-record.ts';

/** What one message keeps in all: a page of them must be affordable to its reader. */
const MAX_MESSAGE = 20_000;
/** More than the steps and calls of one finding can make. */
const MAX_MESSAGES = 300;
const MAX_NAME = 200;

const COLUMNS = `m.number, m.role, m.content, m.reasoning, m.calls`;

const messageRow = transcriptMessageSchema.extend({
  reasoning: z
    .string()
    .nullable()
    .transform((value) => value ?? undefined),
  calls: transcriptMessageSchema.shape.calls.transform((calls) => (calls?.length === 0 ? undefined : calls)),
});
const countRow = z.object({ count: z.number() });

/** Messages between the agent and models in Postgres, without what looks like a secret. */
export class TranscriptStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** In place of what was kept of that attempt before: one that a crash interrupted is made again. */
  async save(attemptId: string, messages: readonly ChatMessage[]): Promise<void> {
    const rows = messages.slice(0, MAX_MESSAGES).map(rowOf);
    await this.#db.transaction(async (transaction) => {
      await transaction.execute(`delete from lightdom.agent_message where attempt_id = $1`, [attemptId]);
      const sql = `insert into lightdom.agent_message (attempt_id, number, role, content, reasoning, calls)
        select $1, m.number, m.role, m.content, m.reasoning, m.calls
        from jsonb_to_recordset($2::jsonb) as m (number integer, role text, content text, reasoning text, calls jsonb)`;
      await transaction.execute(sql, [attemptId, JSON.stringify(rows)]);
    });
  }

  /** In their order, after message `after`. */
  async list(
    attemptId: string,
    { after, limit }: { readonly after: number; readonly limit: number },
  ): Promise<TranscriptMessage[]> {
    const sql = `select ${COLUMNS} from lightdom.agent_message m where m.attempt_id = $1 and m.number > $2
      order by m.number limit $3`;
    return this.#db.query(messageRow, sql, [attemptId, after, limit]);
  }

  async count(attemptId: string): Promise<number> {
    const sql = `select count(*)::integer as count from lightdom.agent_message where attempt_id = $1`;
    return (await this.#db.query(countRow, sql, [attemptId]))[0]?.count ?? 0;
  }
}

function rowOf(message: ChatMessage, at: number): Record<string, unknown> {
  let left = MAX_MESSAGE;
  const take = (text: string): string => {
    const kept = recordText(text, left);
    left = Math.max(1, left - kept.length);
    return kept;
  };
  const row = { number: at + 1, role: message.role, content: take(message.content) };
  if (message.role !== 'assistant') return { ...row, reasoning: null, calls: [] };
  const calls = message.toolCalls.map((call) => ({
    name: recordText(call.name, MAX_NAME),
    arguments: take(call.arguments),
  }));
  // Last of all: what it did matters more than what it thought before.
  const { reasoning } = message;
  return { ...row, calls, reasoning: reasoning === '' ? null : take(reasoning) };
}
