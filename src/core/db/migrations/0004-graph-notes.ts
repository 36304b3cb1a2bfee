/**
 * What agents know about symbols, files and workspaces. A note outlives the generations of the graph: it holds the
 * stable id of its symbol, and beside it name, kind and path as they were, by which it is found when the symbol is gone.
 */
export const graphNotesMigration = {
  version: 4,
  name: 'graph notes',
  sql: `
    create table lightdom.graph_note (
      note_id text primary key,
      workspace_id integer not null references lightdom.workspace (id) on delete cascade,
      node_id text,
      node_kind text,
      qualified_name text,
      path text,
      text text not null check (text <> ''),
      tags text[] not null,
      author text not null,
      created_at timestamptz not null default clock_timestamp(),
      updated_at timestamptz not null default clock_timestamp(),
      check (node_id is null or (node_kind is not null and qualified_name is not null and path is not null))
    );
    create index graph_note_newest on lightdom.graph_note (workspace_id, updated_at desc, note_id desc);
    create index graph_note_by_node on lightdom.graph_note (workspace_id, node_id) where node_id is not null;
    create unique index graph_note_once on lightdom.graph_note
      (workspace_id, coalesce(node_id, ''), coalesce(path, ''), author, md5(text));
  `,
};
