import type { LoadedConfig } from './core/config/index.ts';
import { connectDatabase, migrate, MIGRATIONS } from './core/db/index.ts';
import { newId } from './core/ids.ts';
import type { Log } from './core/log.ts';
import { ownWorkerSettings, relayMeasurements, workerSettings } from './runs/run-runtime.ts';
import { buildParts } from './system-parts.ts';
import { createTracing } from './tracing.ts';

export interface WorkerOptions {
  readonly loaded: LoadedConfig;
  readonly log: Log;
  readonly databaseUrl: string;
  /** The shared queues to execute, all without names; `own`: also what only the workers of a master can. */
  readonly queues: readonly string[] | 'own' | undefined;
  /** Tells the master what was measured; nothing is measured without it. */
  readonly send?: (message: object) => void;
}

/** A process that executes runs and serves nobody. */
export interface WorkerApp {
  /** Returns the id under which it executes. */
  start(): Promise<string>;
  /** Lets go of what it executes, which goes on elsewhere, and disconnects. */
  stop(): Promise<void>;
}

/** The composition root of a worker. */
export function createWorkerApp({ loaded, log, databaseUrl, queues, send }: WorkerOptions): WorkerApp {
  const closers: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const close of closers.splice(0).toReversed()) await close();
  };
  return {
    stop,
    async start() {
      const { config } = loaded;
      const worker =
        queues === 'own' ? ownWorkerSettings(config.runs, config.dataDir) : workerSettings(config.runs, queues);
      try {
        // By its own name the connections of this process can be cut when it is frozen.
        const applicationName = `lightdom ${newId().slice(0, 12)}`;
        const database = await connectDatabase({ url: databaseUrl, log, applicationName });
        closers.push(() => database.close());
        await migrate(database, MIGRATIONS);
        const { tracer, close } = createTracing({ loaded, log, role: 'worker' });
        closers.push(close);
        const parts = await buildParts({ database, config, log, worker, isAnswering: false, tracer });
        closers.push(() => parts.close());
        if (send !== undefined) {
          const end = relayMeasurements(parts.runs.events, send);
          closers.push(() => Promise.resolve(end()));
        }
        await parts.runs.open();
        closers.push(() => parts.runs.close());
        return parts.runs.executorId();
      } catch (error) {
        await stop();
        throw error;
      }
    },
  };
}
