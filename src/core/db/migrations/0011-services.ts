/**
 * Services that a supervisor keeps running. One database may serve several supervisors: each has the rows under its own id.
 * A transition says whether the service was meant to run from then on, so that availability follows from these rows alone.
 */
export const servicesMigration = {
  version: 11,
  name: 'services',
  sql: `
    create table lightdom.service (
      supervisor_id text not null,
      name text not null,
      is_wanted boolean,
      is_enabled boolean,
      disabled_reason text,
      pid integer check (pid > 0),
      process_start text,
      seen_at timestamptz not null default clock_timestamp(),
      primary key (supervisor_id, name),
      check ((pid is null) = (process_start is null))
    );
    create table lightdom.service_transition (
      id bigint generated always as identity primary key,
      supervisor_id text not null,
      name text not null,
      from_state text not null,
      to_state text not null,
      reason text not null,
      is_wanted boolean not null,
      at timestamptz not null
    );
    create index service_transition_by_time on lightdom.service_transition (supervisor_id, name, id desc);
    create table lightdom.service_log (
      id bigint generated always as identity primary key,
      supervisor_id text not null,
      name text not null,
      stream text not null check (stream in ('stdout', 'stderr', 'supervisor')),
      line text not null,
      at timestamptz not null
    );
    create index service_log_by_time on lightdom.service_log (supervisor_id, name, id desc);
  `,
};
