import { join } from 'node:path';
import type { Config } from './core/config/index.ts';
import type { Database } from './core/db/index.ts';
import type { Log } from './core/log.ts';
import { GitReader } from './git/index.ts';
import { FindingService, FindingStore } from './findings/index.ts';
import { GraphChanges, GraphNotes, GraphService, GraphStore, IndexPool, NoteStore } from './graph/index.ts';
import { createDrill, createWorkflowEngine, localQueueOf, RunService } from './runs/index.ts';
import type { WorkerSettings } from './runs/index.ts';

export interface PartsOptions {
  readonly database: Database;
  readonly config: Config;
  readonly log: Log;
  /** What this process executes; without it runs are only started and followed here. */
  readonly worker: WorkerSettings | undefined;
  /** Whether questions about code are answered here. */
  readonly isAnswering: boolean;
}

/** What the master and each worker have in common: they know the same kinds of runs. */
export interface SystemParts {
  readonly runs: RunService;
  readonly graph: GraphService;
  readonly changes: GraphChanges;
  readonly notes: GraphNotes;
  readonly findings: FindingService;
  close(): Promise<void>;
}

export function buildParts({ database, config, log, worker, isAnswering }: PartsOptions): SystemParts {
  const { workerMemoryMb, compilerMemoryMb, engine: typeEngine } = config.graph;
  const pool = new IndexPool({ memoryMb: workerMemoryMb, compilerMemoryMb, log });
  const engine = createWorkflowEngine({ database, log });
  const { retentionDays } = config.runs;
  const localQueue = localQueueOf(config.dataDir);
  const runs = new RunService({ database, engine, log, worker, retentionDays, localQueue });
  const graph = new GraphService({
    store: new GraphStore(database),
    pool,
    runs,
    log,
    keepsViews: isAnswering,
    maxFileBytes: config.graph.maxFileBytes,
    engine: typeEngine,
    defaultRoot: config.workspace,
    allowedRoots: [config.workspace, ...config.workspaces.roots],
  });
  graph.register();
  const changes = new GraphChanges({
    graph,
    git: new GitReader(),
    maxFileBytes: config.graph.maxFileBytes,
    exportsFolder: join(config.dataDir, 'exports'),
  });
  const findings = new FindingService({ store: new FindingStore(database), graph, runs, layers: config.graph.layers });
  findings.register();
  const drill = registerDrill(database, runs);
  return {
    runs,
    graph,
    changes,
    notes: new GraphNotes({ store: new NoteStore(database), graph }),
    findings,
    close: async () => {
      await drill.close();
      await pool.close();
    },
  };
}

function registerDrill(database: Database, runs: RunService): ReturnType<typeof createDrill> {
  const drill = createDrill(database);
  runs.register(drill.run);
  runs.register(drill.chunk);
  return drill;
}
