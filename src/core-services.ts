import type { Config } from './core/config/index.ts';
import { watchDatabase } from './core/db/index.ts';
import type { Database, DatabaseHealth } from './core/db/index.ts';
import { messageOf } from './core/errors.ts';
import type { GraphService } from './graph/index.ts';
import type { RunService } from './runs/index.ts';
import type { ProcessPart } from './supervisor/index.ts';
import type { WorkerProcesses } from './worker-processes.ts';

export interface CoreDeps {
  readonly config: Config;
  readonly database: Database;
  readonly runs: RunService;
  readonly graph: GraphService;
  /** Where runs are executed by processes of their own. */
  readonly workers: WorkerProcesses | undefined;
}

/** What the surface stands on, each after those that it needs. */
export function coreServices({ config, database, runs, graph, workers }: CoreDeps): ProcessPart[] {
  return [
    databaseService(database, config.services.startup.healthCheckInterval),
    engineService(runs),
    ...(workers === undefined ? [] : [workers.part(database.url)]),
    indexerService(graph, runs),
  ];
}

/** The database has been up since the parts were built, and restarts by itself: only its health is watched here. */
function databaseService(database: Database, intervalMs: number): ProcessPart {
  let health: DatabaseHealth | undefined;
  return {
    name: 'database',
    isCritical: true,
    isFixed: true,
    start: async () => {
      health = await watchDatabase(database, intervalMs);
      return `Postgres ${health.serverVersion}`;
    },
    stop: () => {
      health?.stop();
      return Promise.resolve();
    },
    problem: () => (health?.isHealthy() === true ? undefined : 'it does not answer'),
  };
}

function engineService(runs: RunService): ProcessPart {
  return {
    name: 'runs',
    after: ['database'],
    isCritical: true,
    isFixed: true,
    start: async () => {
      await runs.open();
      return 'durable engine up';
    },
    stop: () => runs.close(),
    problem: () => (runs.isOpen() ? undefined : 'the engine is not open'),
  };
}

/** What answers about code. It is ill while the graph can't be read, and after an index that failed until one succeeds. */
function indexerService(graph: GraphService, runs: RunService): ProcessPart {
  let problem: string | undefined;
  let stopListening = (): void => {};
  return {
    name: 'indexer',
    after: ['runs'],
    start: async () => {
      stopListening = runs.events.on('changed', (run) => {
        if (run.kind !== 'graph_index') return;
        if (run.status === 'completed') problem = undefined;
        if (run.status === 'failed') problem = `the last index failed: ${run.error?.message ?? 'for no known reason'}`;
      });
      problem = undefined;
      await graph.summary().catch((error: unknown) => {
        problem = messageOf(error);
      });
      return 'code graph';
    },
    stop: () => {
      stopListening();
      return Promise.resolve();
    },
    problem: () => problem,
  };
}

/** A part that this version does not have. */
export function missingService(name: string): ProcessPart {
  const unavailable = 'it is not part of this version yet';
  return {
    name,
    unavailable,
    start: () => Promise.resolve(unavailable),
    stop: () => Promise.resolve(),
    problem: () => unavailable,
  };
}
