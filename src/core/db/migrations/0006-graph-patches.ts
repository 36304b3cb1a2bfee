/**
 * Generations that follow edits: a patch replaces the rows of some files and counts as a revision. Nodes and files keep
 * their rows, so there may be gaps: `node_rows` and `file_rows` say how many rows there are with these.
 */
export const graphPatchesMigration = {
  version: 6,
  name: 'graph patches',
  sql: `
    alter table lightdom.graph_generation
      add column revision integer not null default 0 check (revision >= 0),
      add column node_rows integer not null default 0 check (node_rows >= 0),
      add column file_rows integer not null default 0 check (file_rows >= 0),
      add column patched_at timestamptz;
    update lightdom.graph_generation set node_rows = nodes, file_rows = files;
    create index graph_edge_in on lightdom.graph_edge using brin (file) with (pages_per_range = 16);
  `,
};
