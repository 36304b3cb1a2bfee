import type { Run } from './run-schema.ts';

/** Of the runs that this process starts, executes or cancels; what other processes do is seen by reading. */
export interface RunServiceEvents {
  /** A state or a progress was stored. */
  changed: [Run];
  /** A progress was stored: at most twice a second a run. */
  progress: [Run];
}
