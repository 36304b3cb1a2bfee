import type { LoadedConfig } from './core/config/index.ts';
import { deferred } from './core/deferred.ts';
import type { Log } from './core/log.ts';
import { entryPath } from './core/process/index.ts';
import type { Monitoring } from './monitoring.ts';
import { WorkerChildren } from './runs/run-runtime.ts';
import type { ProcessPart } from './supervisor/index.ts';

/** The processes that execute the runs of this master, so that heavy work never holds up the surface. */
export interface WorkerProcesses {
  /** As a service, which tells them where the database is. */
  part(databaseUrl: string): ProcessPart;
  stop(): Promise<void>;
}

export interface WorkerProcessesOptions {
  readonly loaded: LoadedConfig;
  readonly log: Log;
  readonly monitoring: Monitoring;
}

/**
 * Starts them at once: while the database comes up they load what they are made of, which takes them longer than anything
 * else in a start. Undefined where the master executes runs itself.
 */
export function startWorkerProcesses({ loaded, log, monitoring }: WorkerProcessesOptions): WorkerProcesses | undefined {
  const count = loaded.config.runs.workers;
  if (count === 0) return undefined;
  const told = deferred<object>();
  const children = new WorkerChildren({
    entry: entryPath(import.meta.url, './worker-child.ts'),
    setup: () => told.promise,
    count,
    log,
    onMeasured: (measured) => monitoring.measured(measured),
  });
  children.start();
  monitoring.countRestarts('workers', () => children.restarts());
  const part = (url: string): ProcessPart => ({
    name: 'workers',
    after: ['runs'],
    isCritical: true,
    start: () => {
      children.start();
      told.resolve({ config: { ...loaded.config, database: { url } } });
      return Promise.resolve(`${count} ${count === 1 ? 'process' : 'processes'}`);
    },
    stop: () => children.stop(),
    problem: () => (children.isReady() ? undefined : `not all of ${count} worker processes are ready`),
  });
  return { part, stop: () => children.stop() };
}
