import type { GraphService } from './graph-service.ts';
import type { OpenView } from './graph-views.ts';
import { proposedFiles, proposedSymbols } from './query/proposals.ts';
import type { Proposed } from './query/proposals.ts';

type Graphs = Pick<GraphService, 'rootOf' | 'findView'>;

/** What is being typed, for which workspace. */
export interface ProposalQuestion {
  readonly text: string;
  readonly workspace: string | undefined;
}

const NOTHING: Proposed = { values: [], total: 0 };

/** Ids of symbols by the beginning of their name or id; none without an index. Throws as `rootOf` does. */
export async function proposeSymbols(graph: Graphs, { text, workspace }: ProposalQuestion): Promise<Proposed> {
  const open = await findOpen(graph, workspace);
  return open === undefined ? NOTHING : proposedSymbols(open.view, text);
}

/** Paths of indexed files by a part of them; none without an index. Throws as `rootOf` does. */
export async function proposeFiles(graph: Graphs, { text, workspace }: ProposalQuestion): Promise<Proposed> {
  const open = await findOpen(graph, workspace);
  return open === undefined ? NOTHING : proposedFiles(open.view, text);
}

async function findOpen(graph: Graphs, workspace: string | undefined): Promise<OpenView | undefined> {
  return graph.findView(await graph.rootOf(workspace === '' ? undefined : workspace));
}
