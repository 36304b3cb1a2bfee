import { accessOf, LOCAL_CALLER } from '../../surface/index.ts';
import type { Identity } from './call-identity.ts';
import { plainCall } from './surface-backend.ts';
import type { SurfaceBackend } from './surface-backend.ts';

/** A resource that can't be read within this is not watched. */
const READ_MS = 10_000;

export type WatchPermission = (uri: string, identity: Identity) => Promise<void>;

/**
 * Who may not read a resource is not told when it changes either: throws what reading it throws. Callers who may read all
 * that there is are not held up.
 */
export function watchPermission(backend: Pick<SurfaceBackend, 'readResource'>): WatchPermission {
  return async (uri, identity) => {
    const caller = { ...LOCAL_CALLER, ...identity };
    if (accessOf(caller).owner === undefined) return;
    await backend.readResource(uri, {
      ...plainCall(AbortSignal.timeout(READ_MS)),
      caller,
      origin: { transport: 'http' },
    });
  };
}
