import { AppError } from '../../core/errors.ts';
import type { SurfaceBackend } from '../mcp/surface-backend.ts';
import type { CliSession } from './cli-session.ts';
import { findRunningBackend } from './with-backend.ts';

/** Services run under a master alone. Throws `not_ready` when none runs. */
export async function requireRunningBackend(session: CliSession): Promise<SurfaceBackend> {
  const backend = await findRunningBackend(session);
  if (backend !== undefined) return backend;
  throw new AppError('not_ready', `No master runs on ${session.loaded.config.dataDir}, so no service does.`, {
    hint: 'Start one with `lightdom start`.',
  });
}
