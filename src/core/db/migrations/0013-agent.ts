/**
 * What the agent does about findings. A task is one row for what stays the same finding; it outlives the finding, so that what a
 * person rejected is remembered. An outcome is what is learned from: it stays when its task goes.
 */
export const agentMigration = {
  version: 13,
  name: 'agent',
  sql: `
    create table lightdom.agent_task (
      task_id text primary key,
      workspace_id integer not null references lightdom.workspace (id) on delete cascade,
      fingerprint text not null,
      finding_id text,
      type text not null,
      source text not null,
      rule text not null,
      category text not null,
      severity smallint not null check (severity between 0 and 4),
      path text collate "C" not null,
      line integer,
      node_id text,
      symbol text,
      message text not null,
      confidence double precision not null check (confidence between 0 and 1),
      priority double precision not null,
      state text not null default 'open' check (state in
        ('open', 'working', 'suggested', 'verified', 'proposed', 'merged', 'rejected', 'failed', 'gone')),
      state_reason text,
      attempts integer not null default 0 check (attempts >= 0),
      rejections integer not null default 0 check (rejections >= 0),
      cool_down_until timestamptz,
      run_id text,
      base_commit text,
      branch text,
      commit_hash text,
      created_at timestamptz not null default clock_timestamp(),
      updated_at timestamptz not null default clock_timestamp(),
      unique (workspace_id, fingerprint),
      check (state <> 'working' or run_id is not null)
    );
    create index agent_task_first on lightdom.agent_task (workspace_id, state, priority desc, task_id);
    create index agent_task_working on lightdom.agent_task (run_id) where state = 'working';
    create table lightdom.agent_attempt (
      attempt_id text primary key,
      task_id text not null references lightdom.agent_task (task_id) on delete cascade,
      number integer not null check (number > 0),
      run_id text,
      patcher text not null check (patcher in ('fixer', 'model', 'client')),
      fixer text,
      title text,
      outcome text check (outcome in
        ('verified', 'failed', 'refused', 'unproven', 'no_fix', 'suggestion', 'cancelled')),
      reason text,
      base_commit text not null,
      files text[] not null default '{}',
      added_lines integer not null default 0,
      removed_lines integer not null default 0,
      patch text,
      report jsonb,
      fixability jsonb,
      provider text,
      usd double precision not null default 0,
      tokens bigint not null default 0,
      steps integer not null default 0,
      seed bigint not null,
      started_at timestamptz not null default clock_timestamp(),
      ended_at timestamptz,
      unique (task_id, number),
      check ((outcome is null) = (ended_at is null))
    );
    create index agent_attempt_open on lightdom.agent_attempt (run_id) where outcome is null;
    create table lightdom.agent_pull_request (
      repository text not null,
      number integer not null check (number > 0),
      task_id text not null references lightdom.agent_task (task_id) on delete cascade,
      attempt_id text references lightdom.agent_attempt (attempt_id) on delete set null,
      url text not null,
      state text not null default 'open' check (state in ('open', 'merged', 'closed')),
      is_draft boolean not null,
      title text not null,
      head text not null,
      base text not null,
      checks text not null default 'unknown' check (checks in ('unknown', 'pending', 'passed', 'failed')),
      created_at timestamptz not null default clock_timestamp(),
      updated_at timestamptz not null default clock_timestamp(),
      closed_at timestamptz,
      primary key (repository, number),
      check ((closed_at is not null) = (state <> 'open'))
    );
    create index agent_pull_request_of_task on lightdom.agent_pull_request (task_id, created_at desc);
    create index agent_pull_request_open on lightdom.agent_pull_request (updated_at) where state = 'open';
    create table lightdom.agent_outcome (
      outcome_id bigint generated always as identity primary key,
      workspace_id integer not null references lightdom.workspace (id) on delete cascade,
      attempt_id text not null unique,
      patcher text not null check (patcher in ('fixer', 'model', 'client')),
      fixer text not null,
      rule text not null,
      codes text[] not null,
      is_success boolean not null,
      decided_by text not null check (decided_by in ('checks', 'person')),
      probability double precision check (probability between 0 and 1),
      created_at timestamptz not null default clock_timestamp(),
      updated_at timestamptz not null default clock_timestamp()
    );
  `,
};
