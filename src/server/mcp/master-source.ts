import type { AppError } from '../../core/errors.ts';
import type { SurfaceBackend } from './surface-backend.ts';

/** The surface of one master, for as long as it is there. */
export interface MasterLink {
  readonly backend: SurfaceBackend;
  /** Aborted once that master is gone. By then `current` gives, or waits for, its successor. */
  readonly gone: AbortSignal;
}

/** Where the present master is known. */
export interface MasterSource {
  /** Waits while a master is being found or started; rejects with an AppError when the last attempt failed. */
  current(): Promise<MasterLink>;
  /** A call says that the master does not answer: see now whether it is gone. */
  lookNow(): void;
  /** Why there was no master at the last attempt, while there still is none. */
  lastFailure(): AppError | undefined;
}
