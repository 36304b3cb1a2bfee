/**
 * Workspaces and the generations of their code graph. The three big tables have one partition a generation, filled by
 * COPY before it is attached; the publication writes the same indexes on it that the parents have here.
 */
export const graphMigration = {
  version: 2,
  name: 'graph',
  sql: `
    create table lightdom.workspace (
      id serial primary key,
      root text not null unique,
      published_generation integer,
      created_at timestamptz not null default clock_timestamp()
    );

    create table lightdom.graph_generation (
      id serial primary key,
      workspace_id integer not null references lightdom.workspace (id) on delete cascade,
      run_id text not null unique,
      engine text not null,
      files integer not null check (files >= 0),
      typed integer not null check (typed >= 0),
      syntax integer not null check (syntax >= 0),
      unresolved integer not null check (unresolved >= 0),
      nodes integer not null check (nodes >= 0),
      edges integer not null check (edges >= 0),
      unresolved_packages jsonb not null,
      warnings jsonb not null,
      published_at timestamptz not null
    );
    create index graph_generation_by_workspace on lightdom.graph_generation (workspace_id);
    alter table lightdom.workspace add foreign key (published_generation) references lightdom.graph_generation (id);

    create table lightdom.graph_file (
      generation integer not null,
      file_index integer not null,
      path text not null,
      hash text not null,
      bytes double precision not null,
      modified_ms double precision not null,
      lines integer not null,
      state smallint not null,
      note text not null,
      unresolved integer not null,
      primary key (generation, file_index)
    ) partition by list (generation);

    create table lightdom.graph_node (
      generation integer not null,
      node_index integer not null,
      id text not null,
      name text not null,
      kind smallint not null,
      file integer not null,
      container integer not null,
      start_offset integer not null,
      end_offset integer not null,
      line integer not null,
      line_column integer not null,
      flags smallint not null,
      signature text not null,
      doc text not null,
      primary key (generation, node_index)
    ) partition by list (generation);

    create table lightdom.graph_edge (
      generation integer not null,
      source integer not null,
      target integer not null,
      kind smallint not null,
      provenance smallint not null,
      file integer not null,
      line integer not null,
      line_column integer not null
    ) partition by list (generation);
    create index graph_edge_to on lightdom.graph_edge (target, kind) include (source);
    create index graph_edge_from on lightdom.graph_edge (source, kind) include (target);

    create function lightdom.try_lock_graph_tables() returns boolean language plpgsql as $$
    begin
      lock table only lightdom.graph_file, only lightdom.graph_node, only lightdom.graph_edge
        in access exclusive mode nowait;
      return true;
    exception when lock_not_available then
      return false;
    end
    $$;
  `,
};
