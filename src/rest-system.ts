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

/** How old a status may be that REST tells: whoever asks more often gets the same one again. */
const STATUS_AGE_MS = 100;

/** The master, as the REST surface tells about it and stops it. */
export function createRestSystem({ loaded, orchestrator, database, stop }: RestSystemDeps): RestSystem {
  return {
    status: rememberedFor(STATUS_AGE_MS, () => orchestrator.getStatus()),
    config: () => describeConfig(loaded),
    stop,
    answers: new RequestAnswerStore(database),
  };
}

/** What was made last, unless that was longer ago. */
function rememberedFor<T>(ageMs: number, make: () => T): () => T {
  let last: { readonly value: T; readonly atMs: number } | undefined;
  return () => {
    const nowMs = performance.now();
    if (last === undefined || nowMs - last.atMs > ageMs) last = { value: make(), atMs: nowMs };
    return last.value;
  };
}
