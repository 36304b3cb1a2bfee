import { TRACEPARENT_META_KEY } from '@modelcontextprotocol/server';
import type { AuthInfo, ServerContext } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { readTraceParent } from '../../core/trace-parent.ts';
import { grantedScopes, LOCAL_PRINCIPAL, SCOPES } from '../../core/access.ts';
import type { Caller } from '../../surface/index.ts';
import type { CallOrigin } from './surface-backend.ts';

/** Who a request is from, as the gate of the transport has established it. */
export type Identity = Pick<Caller, 'principal' | 'scopes'>;

export const LOCAL_IDENTITY: Identity = { principal: LOCAL_PRINCIPAL, scopes: SCOPES };

/** A request that no gate has looked at: it owns nothing and may do nothing. */
const NOBODY: Identity = { principal: 'nobody', scopes: [] };

const extraSchema = z.object({ principal: z.string().min(1) });

/** An identity as the protocol's library hands it on. The token stays at the gate: nothing behind it may pass it on. */
export function authInfoOf({ principal, scopes }: Identity): AuthInfo {
  return { token: '', clientId: principal, scopes: [...scopes], extra: { principal } };
}

/** Over stdio whoever started the process; over HTTP whom the gate let in. */
export function identityOf({ http }: Pick<ServerContext, 'http'>): Identity {
  return http === undefined ? LOCAL_IDENTITY : identityOfAuth(http.authInfo);
}

export function identityOfAuth(authInfo: AuthInfo | undefined): Identity {
  const extra = extraSchema.safeParse(authInfo?.extra);
  if (authInfo === undefined || !extra.success) return NOBODY;
  return { principal: extra.data.principal, scopes: grantedScopes(authInfo.scopes) };
}

/** Of version 00 of W3C Trace Context. */
const traceParentSchema = z.string().max(55);

/** Where a request came in, and the trace that it says it is part of. */
export function callOriginOf({ http, mcpReq }: Pick<ServerContext, 'http' | 'mcpReq'>): CallOrigin {
  const { _meta: meta } = mcpReq;
  return { transport: http === undefined ? 'stdio' : 'http', ...tracedBy(meta?.[TRACEPARENT_META_KEY]) };
}

/** The trace that a caller says it is part of, if that can be read. */
export function tracedBy(given: unknown): Pick<CallOrigin, 'traceparent'> {
  const text = traceParentSchema.safeParse(given).data;
  return text !== undefined && readTraceParent(text) !== undefined ? { traceparent: text } : {};
}

/** The trace's id; undefined without a valid `traceparent`. */
export function traceIdOf(traceparent: string | undefined): string | undefined {
  return readTraceParent(traceparent)?.traceId;
}
