import { discoverWorkspace } from '../../../src/graph/discovery/discover-workspace.ts';
import { openEngine } from '../../../src/graph/engine/engine-choice.ts';
import { extractGraph } from '../../../src/graph/engine/extraction.ts';
import type { EngineName, GraphColumns } from '../../../src/graph/graph-schema.ts';
import type { WorkspaceModel } from '../../../src/graph/type-source.ts';

/** Enough for any fixture, and for this repository. */
export const COMPILER_MB = 1024;

/** The graph of a folder, made in this thread. */
export async function extractFolder(
  root: string,
  { engine = 'ts-morph', maxFileBytes = 1_000_000 }: { engine?: EngineName; maxFileBytes?: number } = {},
): Promise<{ workspace: WorkspaceModel; columns: GraphColumns }> {
  const { signal } = new AbortController();
  const workspace = await discoverWorkspace({ root, maxFileBytes, signal });
  const { source } = await openEngine(engine, workspace, { memoryMb: COMPILER_MB });
  try {
    return { workspace, columns: extractGraph(source, workspace, { signal, onProgress: () => undefined }) };
  } finally {
    await source.close();
  }
}
