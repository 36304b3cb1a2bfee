import { join } from 'node:path';
import type { AgentDaemon, AgentService } from './agent/index.ts';
import { openPatchModel } from './agent-model.ts';
import { buildAgent } from './agent-parts.ts';
import type { Config } from './core/config/index.ts';
import type { Database } from './core/db/index.ts';
import { createRunIsolated } from './core/process/index.ts';
import type { RunIsolated } from './core/process/index.ts';
import type { Log } from './core/log.ts';
import type { Tracer } from './core/tracer.ts';
import { createGitHosting, createPullRequestHost } from './git-hosting.ts';
import type { GitHostingDeps } from './git-hosting.ts';
import { GitReader } from './git/index.ts';
import { GitService } from './git/git-runtime.ts';
import { FindingService, FindingStore } from './findings/finding-runtime.ts';
import { createRecipeScan } from './fixers/fixers-runtime.ts';
import {
  GraphChanges,
  GraphNotes,
  GraphService,
  GraphStore,
  IndexPool,
  LivePool,
  MetricPool,
  NoteCounts,
  NoteStore,
} from './graph/graph-runtime.ts';
import { createDrill, createWorkflowEngine, localQueueOf, RunService } from './runs/run-runtime.ts';
import type { WorkerSettings } from './runs/index.ts';

export interface PartsOptions {
  readonly database: Database;
  readonly config: Config;
  readonly log: Log;
  /** What this process executes; without it runs are only started and followed here. */
  readonly worker: WorkerSettings | undefined;
  /** Whether questions about code are answered here. */
  readonly isAnswering: boolean;
  readonly tracer: Tracer;
}

/** What the master and each worker have in common: they know the same kinds of runs. */
export interface SystemParts {
  readonly runs: RunService;
  readonly graph: GraphService;
  readonly changes: GraphChanges;
  readonly git: GitService;
  readonly notes: GraphNotes;
  readonly findings: FindingService;
  readonly agent: AgentService;
  readonly agentDaemon: AgentDaemon;
  readonly close: () => Promise<void>;
}

export async function buildParts(options: PartsOptions): Promise<SystemParts> {
  const { database, config, log, isAnswering } = options;
  const { workerMemoryMb, compilerMemoryMb, maxFileBytes, engine } = config.graph;
  const pool = new IndexPool({ memoryMb: workerMemoryMb, compilerMemoryMb, log });
  const createPool = (): LivePool => new LivePool({ memoryMb: workerMemoryMb, compilerMemoryMb, maxFileBytes, engine });
  const metrics = new MetricPool({ maxFileBytes });
  const runs = buildRuns(options);
  const noteStore = new NoteStore(database);
  const counts = new NoteCounts({ store: noteStore, log });
  const git = new GitReader();
  const graph = new GraphService({
    store: new GraphStore(database),
    pool,
    runs,
    log,
    facts: { metrics, git },
    notes: counts,
    keepsViews: isAnswering,
    follow: isAnswering && config.graph.watch ? { createPool } : undefined,
    ...graphSettings(config),
  });
  graph.register();
  const runIsolated = createRunIsolated();
  const findings = buildFindings(options, { graph, runs, runIsolated });
  const hosting = createGitHosting({ config, log });
  const { model, ...models } = await openPatchModel({ ...options, graph });
  const healing = buildAgent({ ...options, runIsolated, graph, runs, findings, git, hosting, model });
  const drill = registerDrill(database, runs);
  return {
    runs,
    graph,
    changes: new GraphChanges({ graph, git, maxFileBytes, exportsFolder: join(config.dataDir, 'exports') }),
    git: buildGit(hosting, graph),
    notes: new GraphNotes({ store: noteStore, counts, graph }),
    findings,
    agent: healing.agent,
    agentDaemon: healing.daemon,
    close: () => closeInOrder([healing, models, graph, drill, metrics, pool]),
  };
}

async function closeInOrder(parts: readonly { close(): Promise<void> | void }[]): Promise<void> {
  for (const part of parts) await part.close();
}

function buildGit(hosting: GitHostingDeps, graph: GraphService): GitService {
  return new GitService({
    rootOf: (workspace) => graph.rootOf(workspace),
    protectedBranches: hosting.config.github.protectedBranches,
    host: hosting.github.isConfigured ? createPullRequestHost(hosting) : undefined,
  });
}

function buildFindings(
  { database, config }: PartsOptions,
  parts: { readonly graph: GraphService; readonly runs: RunService; readonly runIsolated: RunIsolated },
): FindingService {
  const store = new FindingStore(database);
  const findings = new FindingService({ ...parts, store, layers: config.graph.layers, recipes: createRecipeScan() });
  findings.register();
  return findings;
}

function buildRuns({ database, config, log, worker, tracer }: PartsOptions): RunService {
  const engine = createWorkflowEngine({ database, log });
  const { retentionDays } = config.runs;
  return new RunService({
    database,
    engine,
    log,
    worker,
    retentionDays,
    localQueue: localQueueOf(config.dataDir),
    tracer,
  });
}

function graphSettings({ graph, workspace, workspaces }: Config) {
  const { maxFileBytes, engine } = graph;
  return { maxFileBytes, engine, defaultRoot: workspace, allowedRoots: [workspace, ...workspaces.roots] };
}

function registerDrill(database: Database, runs: RunService): ReturnType<typeof createDrill> {
  const drill = createDrill(database);
  runs.register(drill.run);
  runs.register(drill.chunk);
  return drill;
}
