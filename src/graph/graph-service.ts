import { AppError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { isTerminal } from '../runs/index.ts';
import type { Run, RunService } from '../runs/index.ts';
import { frameOf } from './answer-frame.ts';
import type { Frame } from './answer-frame.ts';
import type {
  GraphSummary,
  SearchAnswer,
  SearchInput,
  SymbolAnswer,
  SymbolInput,
  TraceAnswer,
  TraceInput,
} from './graph-answers.ts';
import type { ContextAnswer, ContextInput } from './context-schema.ts';
import { createGraphFollowers } from './follow/graph-followers.ts';
import type { FollowSettings } from './follow/graph-followers.ts';
import type { FollowState } from './follow/follow-timing.ts';
import type { WorkspaceFollowers } from './follow/workspace-followers.ts';
import type { EngineChoice } from './graph-schema.ts';
import type { GraphStore } from './graph-store.ts';
import { GraphViews } from './graph-views.ts';
import type { OpenView } from './graph-views.ts';
import { INDEX_RUN_KIND, indexRunInputSchema, indexRunKind } from './index-run.ts';
import type { GraphIndexer } from './index-run.ts';
import { answerContext, isOverview } from './query/context-answer.ts';
import { outlineOf } from './query/file-outline.ts';
import type { FileOutline } from './query/file-outline.ts';
import { factFindings } from './query/fact-findings.ts';
import { graphFindings, needsEntries } from './query/graph-findings.ts';
import { answerReport } from './query/report-answer.ts';
import type { Findings } from './query/report-answer.ts';
import { ReportCache } from './report-cache.ts';
import { answerSearch } from './query/search-answer.ts';
import { answerSymbol } from './query/symbol-answer.ts';
import { answerTrace } from './query/trace-answer.ts';
import { wholeViewOf } from './query/whole-view.ts';
import type { NoteCounts } from './notes/note-counts.ts';
import type { ReportFacts } from './metrics/report-facts.ts';
import { isGraphReport } from './report-schema.ts';
import type { ReportAnswer, ReportInput } from './report-schema.ts';
import { readSourceSlice } from './source-slice.ts';
import { readPackageEntries } from './package-entries.ts';
import type { PackageEntries } from './package-entries.ts';
import { resolveWorkspace } from './workspace-root.ts';
import { isAsIndexed, readWorkspaceFile } from './workspace-text.ts';

export interface GraphServiceDeps {
  readonly store: GraphStore;
  readonly pool: GraphIndexer;
  readonly runs: Pick<RunService, 'register' | 'start' | 'list' | 'events'>;
  readonly log: Log;
  readonly facts: ReportFacts;
  /** Larger files are not read. */
  readonly maxFileBytes: number;
  /** Of index runs that name none. */
  readonly engine: EngineChoice;
  readonly allowedRoots: readonly string[];
  readonly defaultRoot: string;
  /** Without it answers about symbols don't say how many notes there are. */
  readonly notes?: Pick<NoteCounts, 'of'>;
  /** Without it graphs stay as they were indexed. */
  readonly follow?: FollowSettings | undefined;
  /** Off where graphs are made and nobody asks: a view takes memory. */
  readonly keepsViews?: boolean;
  /** Milliseconds that only grow; the default is the process's own clock. */
  readonly now?: () => number;
}

export interface StartIndex {
  readonly workspace?: string | undefined;
  /** In place of the configured one. */
  readonly engine?: EngineChoice | undefined;
  /** On whose behalf; this machine's own without it. */
  readonly owner?: string | undefined;
}

/** Enough to see every unfinished run: they are the newest. */
const RECENT_RUNS = 100;
const MAX_LISTED_PACKAGES = 20;

/** The code graph of workspaces: indexes them in runs and answers questions from memory. */
export class GraphService {
  readonly #deps: GraphServiceDeps;
  readonly #views: GraphViews;
  readonly #reports = new ReportCache();
  readonly #followers: WorkspaceFollowers | undefined;
  /** Roots for which a run is being stored: two starts at once must not both find none. */
  readonly #starting = new Set<string>();

  constructor(deps: GraphServiceDeps) {
    this.#deps = deps;
    const { store, log, follow, now = () => performance.now() } = deps;
    this.#views = new GraphViews({ store, log, now, pendingOf: (root) => this.#followers?.pendingOf(root) });
    if (follow === undefined) return;
    const reindex = (root: string): Promise<Run> => this.startIndex({ workspace: root });
    this.#followers = createGraphFollowers({ ...follow, views: this.#views, log, now, reindex });
  }

  /** Makes the kind of run known; before the runs are opened. */
  register(): void {
    const { store, pool, runs, maxFileBytes, engine, keepsViews = true } = this.#deps;
    // What another process has published is seen at once.
    runs.events.on('changed', ({ kind, status }) => {
      if (kind === INDEX_RUN_KIND && status === 'completed') this.#views.recheck();
    });
    runs.register(
      indexRunKind({
        store,
        pool,
        maxFileBytes,
        engine,
        checkRoot: (root) => this.rootOf(root),
        onPublished: (summary, columns) => {
          if (keepsViews) this.#views.replace(summary, columns);
        },
      }),
    );
  }

  /**
   * Starts a run that indexes a workspace. Throws `permission_denied`, `not_found` or `invalid_input` for a folder that
   * can't be one, and `conflict` while one is being indexed.
   */
  async startIndex({ workspace, engine, owner }: StartIndex): Promise<Run> {
    const root = await this.rootOf(workspace);
    if (this.#starting.has(root)) throw conflict(root, 'by a run that is just being started');
    this.#starting.add(root);
    try {
      const active = await this.#activeRun(root);
      if (active !== undefined) throw conflict(root, `by run \`${active.runId}\``);
      const input = { root, ...(engine !== undefined && { engine }) };
      return await this.#deps.runs.start(INDEX_RUN_KIND, input, { owner });
    } finally {
      this.#starting.delete(root);
    }
  }

  /** Symbols and files by words. Throws `not_ready` for a workspace without index, `invalid_input` for a stale cursor. */
  async search(input: SearchInput): Promise<SearchAnswer> {
    const open = await this.open(input.workspace);
    const { body, isTruncated } = answerSearch(open.view, input);
    return { ...body, ...(await frameOf(open, isTruncated)) };
  }

  /** One symbol with its counts, members and, when asked for, its text. Throws `not_ready`. */
  async symbol({ workspace, symbol, source }: SymbolInput): Promise<SymbolAnswer> {
    const open = await this.open(workspace);
    const { body, isTruncated, row } = answerSymbol(open.view, symbol);
    const frame = await frameOf(open, isTruncated);
    if (row === undefined || body.symbol === undefined) return { ...body, ...frame };
    const notes = (await this.#deps.notes?.of(open.root, body.symbol.id)) ?? 0;
    const described = { ...body.symbol, ...(notes > 0 && { notes }) };
    if (!source) return { ...body, ...frame, symbol: described };
    const { nodes } = open.view.columns;
    const range = { file: open.view.fileOf(row), start: nodes.start[row] ?? 0, end: nodes.end[row] ?? 0 };
    return { ...body, ...frame, symbol: { ...described, ...(await readSourceSlice(open.root, range)) } };
  }

  /** Callers, callees, references, impact, or a path between two. Throws `not_ready` and `invalid_input` as above. */
  async trace(input: TraceInput): Promise<TraceAnswer> {
    const open = await this.open(input.workspace);
    const { body, isTruncated } = answerTrace(open.view, input);
    return { ...body, ...(await frameOf(open, isTruncated)) };
  }

  /**
   * Import cycles, dead code, unused exports, broken layers, most used symbols, complexity, clones, hotspots, files that
   * change together, dependencies. Throws `not_ready`, `invalid_input`, `timed_out`, outside of a repository `unsupported`.
   */
  async report(input: ReportInput): Promise<ReportAnswer> {
    const open = wholeOf(await this.open(input.workspace));
    const findings = await this.#reports.find(open, input, () => this.#findingsOf(open, input));
    const { body, isTruncated } = answerReport(open.view, input, findings);
    return { ...body, ...(await frameOf(open, isTruncated)) };
  }

  /** What to read before a task or around symbols, within a budget of tokens; without both, a map. Throws `not_ready`. */
  async context(input: ContextInput): Promise<ContextAnswer> {
    const isMap = isOverview(input);
    const asked = await this.open(input.workspace);
    const open = isMap ? wholeOf(asked) : asked;
    const { body, isTruncated } = answerContext(open.view, input, isMap ? await entriesOf(open) : undefined);
    return { ...body, ...(await frameOf(open, isTruncated)) };
  }

  /** A file of a workspace, the default one without, with its symbols, imports and importers. Throws `not_found`, `not_ready`. */
  async outline(path: string, workspace?: string): Promise<FileOutline & Frame & { readonly isAsIndexed: boolean }> {
    const open = await this.open(workspace);
    const outline = outlineOf(open.view, path);
    const content = await readWorkspaceFile(open.root, path, this.#deps.maxFileBytes);
    const isCurrent = isAsIndexed(content, open.view.fileOf(open.view.rowOfFile(path) ?? -1));
    const isShort = outline.symbols.length < outline.symbolTotal;
    return { ...outline, isAsIndexed: isCurrent, ...(await frameOf(open, isShort)) };
  }

  /** What is known of a workspace, from its rows alone. */
  async summary(workspace?: string): Promise<GraphSummary> {
    const root = await this.rootOf(workspace);
    const [found, active] = await Promise.all([this.#deps.store.find(root), this.#activeRun(root)]);
    const activeRun = active === undefined ? {} : { activeRunId: active.runId };
    if (found === undefined) {
      const state = active === undefined ? 'none' : 'indexing';
      const counts = { files: 0, typed: 0, syntax: 0, nodes: 0, edges: 0 };
      return { workspace: root, state, ...activeRun, ...counts, unresolvedPackages: [] };
    }
    const { generation, publishedAt, files, typed, syntax, nodes, edges } = found;
    return {
      workspace: root,
      state: 'ready',
      ...activeRun,
      generation,
      indexedAt: publishedAt,
      files,
      typed,
      syntax,
      nodes,
      edges,
      unresolvedPackages: found.unresolvedPackages.slice(0, MAX_LISTED_PACKAGES),
    };
  }

  /** Whether questions about a workspace can be answered. */
  async isIndexed(workspace?: string): Promise<boolean> {
    return (await this.#deps.store.find(await this.rootOf(workspace))) !== undefined;
  }

  /** The real path of a workspace. Throws `permission_denied`, `not_found` or `invalid_input`. */
  rootOf(workspace: string | undefined): Promise<string> {
    return resolveWorkspace(workspace, this.#deps);
  }

  /** The graph of a root, if there is one yet. */
  async findView(root: string): Promise<OpenView | undefined> {
    const open = await this.#views.open(root);
    // Syntax is an answer for the time until the types are there: its files are being read.
    if (open !== undefined && open.summary.engine !== 'oxc') this.#followers?.follow(root, open.summary.generation);
    return open;
  }

  /** How edits of the default workspace are followed; nothing while they are not. */
  following(): { readonly edits?: FollowState; readonly pending?: number } {
    const { defaultRoot } = this.#deps;
    const edits = this.#followers?.stateOf(defaultRoot);
    const pending = this.#followers?.pendingOf(defaultRoot);
    return { ...(edits !== undefined && { edits }), ...(pending !== undefined && { pending }) };
  }

  /** Ends what follows edits. */
  async close(): Promise<void> {
    await this.#followers?.close();
  }

  /** The graph that questions are answered from. Throws `not_ready` without one. */
  async open(workspace: string | undefined): Promise<OpenView> {
    const root = await this.rootOf(workspace);
    const open = await this.findView(root);
    if (open !== undefined) return open;
    const active = await this.#activeRun(root);
    if (active === undefined) {
      throw new AppError('not_ready', `Workspace ${root} has never been indexed.`, {
        hint: 'Call graph_index, and run_get until its run is completed.',
      });
    }
    throw new AppError('not_ready', `Workspace ${root} is being indexed for the first time.`, {
      hint: `Call run_get with \`${active.runId}\` until it is completed, then ask again.`,
    });
  }

  async #findingsOf(open: OpenView, { report, rules }: ReportInput): Promise<Findings> {
    if (!isGraphReport(report)) return factFindings(open, report, this.#deps.facts);
    return graphFindings(open.view, { report, rules }, needsEntries(report) ? await entriesOf(open) : undefined);
  }

  async #activeRun(root: string): Promise<Run | undefined> {
    const { runs } = await this.#deps.runs.list({ kind: INDEX_RUN_KIND, limit: RECENT_RUNS });
    return runs.find((run) => {
      if (isTerminal(run.status)) return false;
      const input = indexRunInputSchema.safeParse(run.input);
      return input.success && input.data.root === root;
    });
  }
}

/** What goes over all rows need not know of empty ones. */
function wholeOf(open: OpenView): OpenView {
  return { ...open, view: wholeViewOf(open.view) };
}

function entriesOf({ root, view }: OpenView): Promise<PackageEntries> {
  return readPackageEntries(
    root,
    view.columns.files.map(({ path }) => path),
  );
}

function conflict(root: string, by: string): AppError {
  return new AppError('conflict', `Workspace ${root} is being indexed already, ${by}.`, {
    hint: 'Call run_get to watch it, or run_control to cancel it.',
  });
}
