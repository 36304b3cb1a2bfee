import { z } from 'zod';
import type { Database } from '../core/db/index.ts';
import { agentPullRequestSchema } from './agent-schema.ts';
import type { AgentPullRequest, PullRequestState } from './agent-schema.ts';
import { recordText } from './stored-record.ts';

export type NewPullRequest = Pick<
  AgentPullRequest,
  'repository' | 'number' | 'url' | 'isDraft' | 'title' | 'head' | 'base' | 'taskId' | 'attemptId'
>;

/** What was seen of it elsewhere. */
export interface SeenPullRequest {
  readonly repository: string;
  readonly number: number;
  readonly state: PullRequestState;
  readonly isDraft: boolean;
  readonly checks: AgentPullRequest['checks'];
}

const MAX_NAME = 300;
const MAX_URL = 2_000;

const moment = (column: string): string => `to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

const COLUMNS = `p.repository, p.number, p.url, p.state, p.is_draft as "isDraft", p.title, p.head, p.base, p.checks,
  p.task_id as "taskId", p.attempt_id as "attemptId", ${moment('p.created_at')} as "createdAt",
  ${moment('p.updated_at')} as "updatedAt", ${moment('p.closed_at')} as "closedAt"`;

const text = z
  .string()
  .nullable()
  .transform((value) => value ?? undefined);
const pullRequestRow = agentPullRequestSchema.extend({ attemptId: text, closedAt: text });

/** Pull requests of the agent in Postgres, as they were last seen. */
export class PullRequestStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** One that is known keeps its state: it was opened before, and is now told of again. */
  async save(pullRequest: NewPullRequest): Promise<AgentPullRequest> {
    const { repository, number, url, isDraft, title, head, base, taskId, attemptId } = pullRequest;
    const sql = `insert into lightdom.agent_pull_request as p
        (repository, number, url, is_draft, title, head, base, task_id, attempt_id)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
      on conflict (repository, number) do update set url = excluded.url, is_draft = excluded.is_draft,
        title = excluded.title, head = excluded.head, base = excluded.base, task_id = excluded.task_id,
        attempt_id = excluded.attempt_id, updated_at = clock_timestamp()
      returning ${COLUMNS}`;
    const names = [title, head, base].map((name) => recordText(name, MAX_NAME));
    const place = [recordText(repository, MAX_NAME), number, recordText(url, MAX_URL)];
    const [row] = await this.#db.query(pullRequestRow, sql, [...place, isDraft, ...names, taskId, attemptId ?? null]);
    if (row === undefined) throw new Error(`Pull request ${repository}#${number} was not stored.`);
    return row;
  }

  /** Takes over what was seen; undefined for one that is not the agent's. */
  async see({ repository, number, state, isDraft, checks }: SeenPullRequest): Promise<AgentPullRequest | undefined> {
    const sql = `update lightdom.agent_pull_request p set state = $3, is_draft = $4, checks = $5,
        closed_at = case when $3 = 'open' then null else coalesce(p.closed_at, clock_timestamp()) end,
        updated_at = clock_timestamp()
      where p.repository = $1 and p.number = $2 returning ${COLUMNS}`;
    return (await this.#db.query(pullRequestRow, sql, [repository, number, state, isDraft, checks]))[0];
  }

  /** Newest first. */
  async listOf(taskId: string): Promise<AgentPullRequest[]> {
    const sql = `select ${COLUMNS} from lightdom.agent_pull_request p where p.task_id = $1 order by p.created_at desc limit 50`;
    return this.#db.query(pullRequestRow, sql, [taskId]);
  }

  /** Open ones of a workspace, longest not looked at first. */
  async listOpen(root: string, limit: number): Promise<AgentPullRequest[]> {
    const sql = `select ${COLUMNS} from lightdom.agent_pull_request p
        join lightdom.agent_task t on t.task_id = p.task_id join lightdom.workspace w on w.id = t.workspace_id
      where w.root = $1 and p.state = 'open' order by p.updated_at limit $2`;
    return this.#db.query(pullRequestRow, sql, [root, limit]);
  }

  async countOpen(root: string): Promise<number> {
    const sql = `select count(*)::integer as total from lightdom.agent_pull_request p
        join lightdom.agent_task t on t.task_id = p.task_id join lightdom.workspace w on w.id = t.workspace_id
      where w.root = $1 and p.state = 'open'`;
    return (await this.#db.query(z.object({ total: z.number() }), sql, [root]))[0]?.total ?? 0;
  }
}
