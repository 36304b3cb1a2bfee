/** What was said between the agent and a model in an attempt, one row a message. */
export const agentMessagesMigration = {
  version: 14,
  name: 'agent-messages',
  sql: `
    create table lightdom.agent_message (
      attempt_id text not null references lightdom.agent_attempt (attempt_id) on delete cascade,
      number integer not null check (number > 0),
      role text not null check (role in ('system', 'user', 'assistant', 'tool')),
      content text not null,
      reasoning text,
      calls jsonb not null default '[]',
      primary key (attempt_id, number)
    );
  `,
};
