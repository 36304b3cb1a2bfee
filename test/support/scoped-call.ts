import { grantedScopes } from '../../src/core/access.ts';
import { plainCall } from '../../src/server/mcp/surface-backend.ts';
import type { CallContext } from '../../src/server/mcp/surface-backend.ts';

/** A call of somebody whose token grants these scopes. */
export function scopedCall(principal: string, ...scopes: readonly string[]): CallContext {
  const call = plainCall(new AbortController().signal);
  return {
    ...call,
    caller: { ...call.caller, principal, scopes: grantedScopes(scopes), client: { name: 'test', version: '1' } },
    origin: { transport: 'http' },
  };
}
