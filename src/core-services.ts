import type { LoadedConfig } from './core/config/index.ts';
import { watchDatabase } from './core/db/index.ts';
import type { Database, DatabaseHealth } from './core/db/index.ts';
import type { Log } from './core/log.ts';
import { entryPath } from './core/process/index.ts';
import type { Monitoring } from './monitoring.ts';
import type { CoreService } from './orchestrator/index.ts';
import { WorkerChildren } from './runs/run-runtime.ts';
import type { RunService } from './runs/index.ts';

/** The database has been up since the parts were built: only its health is watched here. */
export function databaseService(database: Database, intervalMs: number): CoreService {
  let health: DatabaseHealth | undefined;
  return {
    name: 'database',
    start: async () => {
      health = await watchDatabase(database, intervalMs);
      return `Postgres ${health.serverVersion}`;
    },
    stop: () => {
      health?.stop();
      return Promise.resolve();
    },
    isHealthy: () => health?.isHealthy() ?? false,
  };
}

export function engineService(runs: RunService): CoreService {
  return {
    name: 'runs',
    start: async () => {
      await runs.open();
      return 'durable engine up';
    },
    stop: () => runs.close(),
    isHealthy: () => runs.isOpen(),
  };
}

/** The processes that execute the runs of this master, so that heavy work never holds up the surface. */
export function workersService(
  loaded: LoadedConfig,
  databaseUrl: string,
  { monitoring, log }: { readonly monitoring: Monitoring; readonly log: Log },
): CoreService {
  const children = new WorkerChildren({
    entry: entryPath(import.meta.url, './worker-child.ts'),
    setup: { config: { ...loaded.config, database: { url: databaseUrl } } },
    count: loaded.config.runs.workers,
    log,
    onMeasured: (measured) => monitoring.measured(measured),
  });
  monitoring.countRestarts('workers', () => children.restarts());
  return {
    name: 'workers',
    start: () => {
      children.start();
      const count = loaded.config.runs.workers;
      return Promise.resolve(`${count} ${count === 1 ? 'process' : 'processes'}`);
    },
    stop: () => children.stop(),
    isHealthy: () => children.isReady(),
  };
}
