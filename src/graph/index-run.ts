import { z } from 'zod';
import type { Run, RunContext, RunKind } from '../runs/index.ts';
import { messageOf } from '../core/errors.ts';
import { ENGINE_CHOICES } from './graph-schema.ts';
import type { EngineChoice, GraphColumns } from './graph-schema.ts';
import type { GenerationSummary, GraphStore } from './graph-store.ts';

export const INDEX_RUN_KIND = 'graph_index';

/** A result is read by agents: the first ones show what is wrong, all of them are with the generation. */
const MAX_LISTED = 20;
const MAX_WARNING_CHARACTERS = 300;

/** What answers the first questions about a workspace. */
const SYNTAX_ENGINE = 'oxc';

/** The root is absolute and real. */
const indexRunInputSchema = z.object({ root: z.string(), engine: z.enum(ENGINE_CHOICES).optional() });
type IndexRunInput = z.output<typeof indexRunInputSchema>;

/** The workspace that a run indexes; undefined for a run of another kind. */
export function indexedRootOf({ kind, input }: Pick<Run, 'kind' | 'input'>): string | undefined {
  return kind === INDEX_RUN_KIND ? indexRunInputSchema.safeParse(input).data?.root : undefined;
}

/** Reads a workspace into columns; the pool of worker threads is one. */
export interface GraphIndexer {
  index(
    request: { readonly root: string; readonly maxFileBytes: number; readonly engine: EngineChoice },
    options: {
      readonly signal: AbortSignal;
      readonly onProgress: (done: number, total: number, message: string) => void;
    },
  ): Promise<GraphColumns>;
}

export interface IndexRunDeps {
  readonly store: GraphStore;
  readonly pool: GraphIndexer;
  readonly maxFileBytes: number;
  /** For runs that name none. */
  readonly engine: EngineChoice;
  /** Throws when the root may no longer be read. */
  checkRoot(root: string): Promise<string>;
  onPublished(summary: GenerationSummary, columns: GraphColumns): void;
}

/** Indexing as a run: repeated after a crash, it finds what it has published and does not index again. */
export function indexRunKind(deps: IndexRunDeps): RunKind<IndexRunInput> {
  return {
    kind: INDEX_RUN_KIND,
    // It reads files that other machines do not have.
    queue: 'local',
    input: indexRunInputSchema,
    title: ({ root }) => `Index ${root}`,
    execute: async ({ root, engine = deps.engine }, context) => {
      const startedMs = performance.now();
      const published =
        (await deps.store.findByRun(context.runId)) ?? (await indexAndPublish(deps, { root, engine }, context));
      return resultOf(published, Math.round(performance.now() - startedMs));
    },
  };
}

interface IndexRequest {
  readonly root: string;
  readonly engine: EngineChoice;
  readonly runId: string;
}

async function indexAndPublish(
  deps: IndexRunDeps,
  { root: given, engine }: { readonly root: string; readonly engine: EngineChoice },
  context: RunContext,
): Promise<GenerationSummary> {
  const root = await deps.checkRoot(given);
  if (engine !== SYNTAX_ENGINE && (await deps.store.find(root)) === undefined) {
    await publishSyntax(deps, root, context);
  }
  return publishIndex(deps, { root, engine, runId: context.runId }, context);
}

/**
 * So that a workspace without a graph has one while its types are resolved. It bears a name of its own: a repeated run
 * must not take it for what the run is there for. Without it the index goes on all the same.
 */
async function publishSyntax(deps: IndexRunDeps, root: string, context: RunContext): Promise<void> {
  const runId = `${context.runId}:syntax`;
  try {
    const { files } = await publishIndex(deps, { root, engine: SYNTAX_ENGINE, runId }, context);
    const message = 'questions are answered by syntax; resolving types';
    context.progress({ done: 0, total: files, unit: 'files', message });
  } catch (error) {
    context.signal.throwIfAborted();
    context.log('warn', `no graph by syntax in the meantime: ${messageOf(error)}`);
  }
}

async function publishIndex(
  deps: IndexRunDeps,
  { root, engine, runId }: IndexRequest,
  context: RunContext,
): Promise<GenerationSummary> {
  const request = { root, maxFileBytes: deps.maxFileBytes, engine };
  const columns = await deps.pool.index(request, {
    signal: context.signal,
    onProgress: (done, total, message) => context.progress({ done, total, unit: 'files', message }),
  });
  context.log(
    'info',
    `read ${columns.files.length} files, ${columns.nodes.count} nodes, ${columns.edges.count} edges with ${columns.engine}`,
  );
  const summary = await deps.store.publish({ root, runId, columns }, context.signal);
  context.log('info', `published generation ${summary.generation}`);
  deps.onPublished(summary, columns);
  return summary;
}

function resultOf(summary: GenerationSummary, durationMs: number): Record<string, unknown> {
  const { generation, files, nodes, edges, typed, syntax, unresolvedPackages, warnings } = summary;
  return {
    generation,
    engine: summary.engine,
    files,
    nodes,
    edges,
    typed,
    syntax,
    skipped: files - typed - syntax,
    unresolvedPackages: unresolvedPackages.slice(0, MAX_LISTED),
    warnings: warnings.slice(0, MAX_LISTED).map((warning) => warning.slice(0, MAX_WARNING_CHARACTERS)),
    durationMs,
  };
}
