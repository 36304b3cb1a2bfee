import type { RunMeasurement } from './run-measurement.ts';
import type { Run } from './run-schema.ts';

/** Of all runs of the database: at once for what this process does, within a moment for what others do. */
export interface RunServiceEvents {
  /** A state or a progress was stored. */
  changed: [Run];
  /** A progress of a run that this process executes was stored: at most twice a second a run. */
  progress: [Run];
  /** Lines were added to the log of a run that this process executes; said at most twice a second a run. */
  logged: [string];
  /** Other processes were not heard for a while: of their runs something may be missing. */
  missed: [];
  /** Of runs that this process executes. */
  measured: [RunMeasurement];
}
