/**
 * Nothing asks the stored edges by their source: questions are answered in memory, and a patch deletes by file and target. The
 * index was a fifth of the time in which a generation is stored.
 */
export const graphEdgeIndexMigration = {
  version: 15,
  name: 'graph-edge-index',
  sql: `drop index lightdom.graph_edge_from;`,
};
