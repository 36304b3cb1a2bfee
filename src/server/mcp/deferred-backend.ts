import { AppError } from '../../core/errors.ts';
import { firstOf } from './first-of.ts';
import type { SurfaceBackend } from './surface-backend.ts';

/** A call that waits longer gets an answer to come back with; clients give up on silence. */
const WAIT_MS = 15_000;

/** Stands in for a backend that is still being found or started: lists can be served, calls wait for it. */
export function createDeferredBackend(ready: Promise<SurfaceBackend>): SurfaceBackend {
  // It may fail before anybody calls.
  ready.catch(() => {});
  const found = async (signal?: AbortSignal): Promise<SurfaceBackend> => {
    const timeout = AbortSignal.timeout(WAIT_MS);
    const backend = await firstOf(ready, signal === undefined ? timeout : AbortSignal.any([signal, timeout]));
    if (backend !== undefined) return backend;
    signal?.throwIfAborted();
    throw new AppError('not_ready', 'The system is still starting.', { hint: 'Call again in a few seconds.' });
  };
  return {
    callTool: async (name, input, call) => (await found(call.signal)).callTool(name, input, call),
    readResource: async (uri, call) => (await found(call.signal)).readResource(uri, call),
    getPrompt: async (name, args) => (await found()).getPrompt(name, args),
  };
}
