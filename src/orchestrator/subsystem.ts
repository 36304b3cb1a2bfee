import type { SubsystemKey, SubsystemStatus, SystemStatus } from './orchestrator-schema.ts';

/** One of the ten parts that the orchestrator brings up and down. */
export interface Subsystem {
  readonly key: SubsystemKey;
  /** Does what its phase promises and says in one line what that was. */
  start(): Promise<string>;
  /** Saves its state. Called in reverse order, also when it was never started. */
  stop(): Promise<void>;
  /** Cheap and synchronous: from what is known in memory. */
  status(): SubsystemStatus;
  /** Its share of the system's counters. */
  metrics?(): Partial<SystemStatus['metrics']>;
}

/** A part that this version does not have: it says so, and its phase does nothing. */
export function unavailableSubsystem(key: SubsystemKey, reason: string): Subsystem {
  return {
    key,
    start: () => Promise.resolve(reason),
    stop: () => Promise.resolve(),
    status: () => ({ state: 'unavailable', reason, details: {} }),
  };
}
