/** Runs and their log. `stops` counts the attempts that ended by an orderly stop: the others ended by a crash. */
export const runsMigration = {
  version: 1,
  name: 'runs',
  sql: `
    create table lightdom.run (
      run_id text primary key,
      kind text not null,
      title text not null,
      status text not null default 'pending' check (
        status in ('pending', 'running', 'paused', 'waiting_approval', 'completed', 'failed', 'cancelled')
      ),
      progress jsonb not null default '{"done": 0, "total": 0, "unit": "", "message": ""}',
      attempt integer not null default 0 check (attempt >= 0),
      stops integer not null default 0 check (stops >= 0),
      input jsonb,
      result jsonb,
      error jsonb,
      parent_run_id text references lightdom.run (run_id) on delete set null,
      cancel_reason text,
      created_at timestamptz not null default clock_timestamp(),
      started_at timestamptz,
      ended_at timestamptz,
      updated_at timestamptz not null default clock_timestamp(),
      check ((ended_at is not null) = (status in ('completed', 'failed', 'cancelled'))),
      check (result is null or status = 'completed'),
      check ((error is not null) = (status = 'failed'))
    );
    create index run_newest on lightdom.run (created_at desc, run_id desc);
    create index run_by_status on lightdom.run (status, created_at desc, run_id desc);
    create index run_by_parent on lightdom.run (parent_run_id) where parent_run_id is not null;

    create table lightdom.run_event (
      sequence bigserial primary key,
      run_id text not null references lightdom.run (run_id) on delete cascade,
      at timestamptz not null default clock_timestamp(),
      level text not null check (level in ('debug', 'info', 'warn', 'error')),
      message text not null
    );
    create index run_event_by_run on lightdom.run_event (run_id, sequence);
  `,
};
