import type { LoadedConfig } from './core/config/index.ts';
import { watchDatabase } from './core/db/index.ts';
import type { Database, DatabaseHealth } from './core/db/index.ts';
import { messageOf } from './core/errors.ts';
import type { Log } from './core/log.ts';
import { entryPath } from './core/process/index.ts';
import type { GraphService } from './graph/index.ts';
import type { Monitoring } from './monitoring.ts';
import { WorkerChildren } from './runs/run-runtime.ts';
import type { RunService } from './runs/index.ts';
import type { ProcessPart } from './supervisor/index.ts';

export interface CoreDeps {
  readonly loaded: LoadedConfig;
  readonly database: Database;
  readonly runs: RunService;
  readonly graph: GraphService;
  readonly monitoring: Monitoring;
  readonly log: Log;
}

/** What the surface stands on, each after those that it needs. */
export function coreServices(deps: CoreDeps): ProcessPart[] {
  const { loaded, database, runs, graph } = deps;
  const { runs: settings, services } = loaded.config;
  return [
    databaseService(database, services.startup.healthCheckInterval),
    engineService(runs),
    ...(settings.workers === 0 ? [] : [workersService(deps)]),
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

/** The processes that execute the runs of this master, so that heavy work never holds up the surface. */
function workersService({ loaded, database, monitoring, log }: CoreDeps): ProcessPart {
  const count = loaded.config.runs.workers;
  const children = new WorkerChildren({
    entry: entryPath(import.meta.url, './worker-child.ts'),
    setup: { config: { ...loaded.config, database: { url: database.url } } },
    count,
    log,
    onMeasured: (measured) => monitoring.measured(measured),
  });
  monitoring.countRestarts('workers', () => children.restarts());
  return {
    name: 'workers',
    after: ['runs'],
    isCritical: true,
    start: () => {
      children.start();
      return Promise.resolve(`${count} ${count === 1 ? 'process' : 'processes'}`);
    },
    stop: () => children.stop(),
    problem: () => (children.isReady() ? undefined : `not all of ${count} worker processes are ready`),
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
      const summary = await graph.summary().catch((error: unknown) => {
        problem = messageOf(error);
      });
      return summary?.generation === undefined ? 'no graph yet' : `${summary.files} files in the graph`;
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
