/** On whose behalf a run was started: `local`, or the identity that a token named. Nobody else is shown it. */
export const runOwnerMigration = {
  version: 8,
  name: 'run owner',
  sql: `
    alter table lightdom.run add column owner text not null default 'local';
    create index run_by_owner on lightdom.run (owner, created_at desc, run_id desc) where owner <> 'local';
  `,
};
