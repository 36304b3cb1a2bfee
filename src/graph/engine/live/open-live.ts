import type { WorkspaceModel, TypeSource } from '../../type-source.ts';
import type { Extraction } from '../extraction.ts';
import { FileEdges } from './file-edges.ts';
import { LiveFiles } from './live-files.ts';
import { LiveGraph } from './live-graph.ts';
import { LiveWorkspace } from './live-workspace.ts';

export interface OpenLiveOptions {
  readonly source: TypeSource;
  readonly workspace: WorkspaceModel;
  readonly extraction: Extraction;
  readonly maxFileBytes: number;
}

/** A workspace that has just been read, to be kept true. Undefined where the engine can't do that. */
export function openLive({ source, workspace, extraction, maxFileBytes }: OpenLiveOptions): LiveWorkspace | undefined {
  const { live } = source;
  if (live === undefined) return undefined;
  const { table, columns, edgeOffsets } = extraction;
  const files = new LiveFiles({ source, table, edges: new FileEdges(columns.edges, edgeOffsets) });
  // What the text alone says: the outcome of reading is added anew each time.
  for (const file of workspace.files) files.note(file);
  return new LiveWorkspace({ workspace, graph: new LiveGraph({ source, live, files }), maxFileBytes });
}
