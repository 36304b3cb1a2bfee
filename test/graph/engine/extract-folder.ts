import { discoverWorkspace } from '../../../src/graph/discovery/discover-workspace.ts';
import { extractGraph } from '../../../src/graph/engine/extraction.ts';
import { TsMorphSource } from '../../../src/graph/engine/ts-morph-source.ts';
import type { GraphColumns } from '../../../src/graph/graph-schema.ts';
import type { WorkspaceModel } from '../../../src/graph/type-source.ts';

/** The graph of a folder, made in this thread. */
export async function extractFolder(
  root: string,
  maxFileBytes = 1_000_000,
): Promise<{ workspace: WorkspaceModel; columns: GraphColumns }> {
  const { signal } = new AbortController();
  const workspace = await discoverWorkspace({ root, maxFileBytes, signal });
  const source = new TsMorphSource();
  source.open(workspace);
  try {
    return { workspace, columns: extractGraph(source, workspace, { signal, onProgress: () => undefined }) };
  } finally {
    source.close();
  }
}
