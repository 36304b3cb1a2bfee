import { describeConfig } from './core/config/index.ts';
import type { LoadedConfig } from './core/config/index.ts';
import type { Database } from './core/db/index.ts';
import type { Orchestrator } from './orchestrator/index.ts';
import { RequestAnswerStore } from './server/server-runtime.ts';
import type { RestSystem } from './server/index.ts';

export interface RestSystemDeps {
  readonly loaded: LoadedConfig;
  readonly orchestrator: Orchestrator;
  readonly database: Database;
  /** Begins the stop of the process. */
  readonly stop: () => void;
}

/** The master, as the REST surface tells about it and stops it. */
export function createRestSystem({ loaded, orchestrator, database, stop }: RestSystemDeps): RestSystem {
  return {
    status: () => orchestrator.getStatus(),
    config: () => describeConfig(loaded),
    stop,
    answers: new RequestAnswerStore(database),
  };
}
