/** By what a run was started, as a W3C `traceparent`: its spans belong to the trace of whoever asked for it. */
export const runTraceMigration = {
  version: 12,
  name: 'run trace',
  sql: 'alter table lightdom.run add column trace_parent text;',
};
