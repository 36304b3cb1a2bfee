/**
 * What clients of live events may have missed: the last events of each master, for a while. The ids of a stream have no
 * holes, so that a hole shows what was forgotten.
 */
export const eventOutboxMigration = {
  version: 9,
  name: 'event outbox',
  sql: `
    create table lightdom.event_stream (
      stream text primary key,
      last_id bigint not null check (last_id >= 0)
    );

    create table lightdom.live_event (
      stream text not null references lightdom.event_stream (stream) on delete cascade,
      id bigint not null,
      at timestamptz not null default clock_timestamp(),
      type text not null,
      run_id text,
      owner text,
      data text not null,
      primary key (stream, id)
    );
    create index live_event_by_age on lightdom.live_event (at);
  `,
};
