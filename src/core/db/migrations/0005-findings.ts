/**
 * What is wrong with the code of a workspace, one row for what stays the same finding from one collection to the next:
 * its fingerprint leaves out the lines, which edits above it move.
 */
export const findingsMigration = {
  version: 5,
  name: 'findings',
  sql: `
    create table lightdom.finding (
      finding_id text primary key,
      workspace_id integer not null references lightdom.workspace (id) on delete cascade,
      fingerprint text not null,
      source text not null,
      rule text not null,
      category text not null,
      severity smallint not null check (severity between 0 and 4),
      path text collate "C" not null,
      line integer,
      node_id text,
      symbol text,
      message text not null,
      suggestion text,
      evidence jsonb not null,
      occurrences integer not null check (occurrences > 0),
      state text not null default 'open' check (state in ('open', 'fixed', 'ignored')),
      state_reason text,
      first_generation integer,
      last_generation integer,
      first_seen_at timestamptz not null default clock_timestamp(),
      last_seen_at timestamptz not null default clock_timestamp(),
      fixed_at timestamptz,
      last_run_id text not null,
      unique (workspace_id, fingerprint),
      check ((fixed_at is not null) = (state = 'fixed')),
      check ((state_reason is not null) = (state = 'ignored'))
    );
    create index finding_gravest on lightdom.finding (workspace_id, state, severity, path, finding_id);
    create index finding_newest on lightdom.finding (workspace_id, state, first_seen_at desc, finding_id desc);
  `,
};
