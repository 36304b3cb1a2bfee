import { z } from 'zod';
import { loopTool } from '../../core/llm/index.ts';
import type { LoopTool } from '../../core/llm/index.ts';
import { listingOf, renderSearch, renderTrace, searchInputSchema, traceInputSchema } from '../../graph/index.ts';
import type { GraphService } from '../../graph/index.ts';
import { fencedText } from './fenced-text.ts';

/** What a model may ask of the code graph, which knows by types what text alone does not show. */

const MAX_HITS = 40;
const AS_INDEXED = 'As last indexed: lines may differ from the file, which read_file shows.';
const DIRECTIONS = ['callers', 'callees', 'references', 'impact'] as const;

/** Tools on the graph of a workspace. One that was never indexed is an error that the model is told. */
export function graphTools(graph: Pick<GraphService, 'search' | 'trace'>, workspace: string): readonly LoopTool[] {
  return [findSymbols(graph, workspace), traceSymbol(graph, workspace)];
}

function findSymbols(graph: Pick<GraphService, 'search'>, workspace: string): LoopTool {
  return loopTool({
    name: 'find_symbols',
    description: `Symbols by name or words, with file and line, at most ${MAX_HITS}. ${AS_INDEXED}`,
    parameters: z.object({ query: searchInputSchema.shape.query }),
    run: async ({ query }) => {
      const input = searchInputSchema.parse({ workspace, query, limit: MAX_HITS });
      return fencedText('Symbols:', renderSearch(await graph.search(input)));
    },
  });
}

function traceSymbol(graph: Pick<GraphService, 'trace'>, workspace: string): LoopTool {
  return loopTool({
    name: 'trace_symbol',
    description: `Who uses a symbol, what it uses, or all that a change of it could reach, at most ${MAX_HITS}. ${AS_INDEXED}`,
    parameters: z.object({ symbol: traceInputSchema.shape.symbol, direction: z.enum(DIRECTIONS) }),
    run: async (asked) => {
      const input = traceInputSchema.parse({ workspace, ...asked, limit: MAX_HITS });
      return fencedText('Connections:', renderTrace(listingOf(await graph.trace(input))));
    },
  });
}
