import type { Catalog, ToolAnswer } from '../../surface/index.ts';
import type { CallContext, SurfaceBackend } from '../mcp/surface-backend.ts';
import { createSurfaceListing } from '../mcp/surface-listing.ts';
import { ToolAccess } from './tool-access.ts';
import { dispatch, runDispatched } from './tool-dispatch.ts';
import { createToolPolicy } from './tool-policy.ts';
import type { PolicySettings } from './tool-policy.ts';

/** A single call under a policy of its own, without a server around it: a person waits for it, and for as long as it takes. */
export interface PolicedCall {
  run(backend: SurfaceBackend, call: CallContext): Promise<ToolAnswer>;
}

/** Throws before anything is started: `invalid_input` for names that the catalog does not have, and as `dispatch` does. */
export function dispatchUnder(
  { catalog, settings }: { readonly catalog: Catalog; readonly settings: PolicySettings },
  name: string,
  input: unknown,
): PolicedCall {
  const access = new ToolAccess(createSurfaceListing(catalog), createToolPolicy(catalog, settings));
  const dispatched = dispatch(access, name, input);
  return { run: (backend, call) => runDispatched({ access, backend }, dispatched, call) };
}
