/**
 * Control of runs, approvals, and the processes that execute runs. `crashes` replaces `stops`: it counts attempts that
 * neither ended nor were ended in an orderly way; `is_stopped` says that the present attempt was.
 */
export const runControlMigration = {
  version: 3,
  name: 'run control',
  sql: `
    alter table lightdom.run
      drop column stops,
      add column crashes integer not null default 0 check (crashes >= 0),
      add column is_stopped boolean not null default false,
      add column queue text not null default 'runs',
      add column priority smallint not null default 5 check (priority between 1 and 10),
      add column deadline_at timestamptz,
      add column budget jsonb not null default '{}',
      add column spent jsonb not null default '{}',
      add column executor_id text;
    create index run_by_deadline on lightdom.run (deadline_at)
      where deadline_at is not null and status not in ('completed', 'failed', 'cancelled');
    create index run_by_end on lightdom.run (ended_at) where ended_at is not null;
    create index run_unfinished on lightdom.run (run_id) where status not in ('completed', 'failed', 'cancelled');

    create table lightdom.run_approval (
      run_id text not null references lightdom.run (run_id) on delete cascade,
      key text not null,
      question text not null,
      requested_at timestamptz not null default clock_timestamp(),
      decision text check (decision in ('approved', 'rejected')),
      reason text,
      decided_at timestamptz,
      primary key (run_id, key),
      check ((decision is null) = (decided_at is null))
    );

    create table lightdom.worker (
      executor_id text primary key,
      host text not null,
      pid integer not null,
      queues jsonb not null,
      session_name text not null,
      started_at timestamptz not null default clock_timestamp(),
      beat_at timestamptz not null default clock_timestamp()
    );
  `,
};
