import type { GraphService } from './graph-service.ts';

/** Calls `changed` after each change of a workspace's graph, until the returned function is called. Throws as `rootOf` does. */
export async function watchGraph(
  graph: Pick<GraphService, 'rootOf' | 'events'>,
  workspace: string | undefined,
  changed: () => void,
): Promise<() => void> {
  const wanted = await graph.rootOf(workspace);
  return graph.events.on('changed', (root) => {
    if (root === wanted) changed();
  });
}
