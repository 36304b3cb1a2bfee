import { CLIENT_CAPABILITIES_META_KEY, CLIENT_INFO_META_KEY } from '@modelcontextprotocol/server';
import type { ClientCapabilities, Server, ServerContext } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { Log } from '../../core/log.ts';
import type { Caller } from '../../surface/index.ts';
import { abilitiesOf } from './caller-capabilities.ts';
import { callOriginOf, identityOf } from './call-identity.ts';
import { retryOf } from './input-rounds.ts';
import type { CallContext } from './surface-backend.ts';

/** The caller's side of one request. `flush` resolves when everything said so far is on the wire. */
export interface CallRelay {
  readonly call: CallContext;
  readonly flush: () => Promise<void>;
}

/** Connects a running call to the request it answers: cancellation in, progress and log out, in order. */
export function relayTo(server: Server, request: ServerContext, log: Log): CallRelay {
  const { signal, _meta: meta, notify } = request.mcpReq;
  const token = meta?.progressToken;
  let last = Number.NEGATIVE_INFINITY;
  let sent = Promise.resolve();
  const send = (work: () => Promise<void>): void => {
    sent = sent.then(work).catch((error: unknown) => log.debug({ err: error }, 'a notification was not delivered'));
  };
  return {
    call: {
      signal,
      caller: callerOf(server, request),
      origin: callOriginOf(request),
      ...retryOf(request),
      progress(done, total, message) {
        // The protocol wants each value greater than the one before.
        if (token === undefined || signal.aborted || done <= last) return;
        last = done;
        const params = { progressToken: token, progress: done, total, message };
        send(() => notify({ method: 'notifications/progress', params }));
      },
      log(level, message) {
        if (!signal.aborted) send(() => request.mcpReq.log(level, message, 'lightdom'));
      },
      releaseStream: () => request.http?.closeSSE?.(),
    },
    flush: () => sent,
  };
}

const envelopeSchema = z.object({
  [CLIENT_CAPABILITIES_META_KEY]: z
    .custom<ClientCapabilities>((value) => typeof value === 'object' && value !== null)
    .optional()
    .catch(undefined),
  [CLIENT_INFO_META_KEY]: z.object({ name: z.string(), version: z.string() }).optional().catch(undefined),
});

/** Newer clients say with each request what they can do, older ones once, at the beginning of their session. */
export function callerOf(server: Server, request: ServerContext): Caller {
  const envelope = envelopeSchema.parse(request.mcpReq.envelope ?? {});
  const capabilities = envelope[CLIENT_CAPABILITIES_META_KEY] ?? server.getClientCapabilities();
  return {
    ...identityOf(request),
    client: envelope[CLIENT_INFO_META_KEY] ?? server.getClientVersion(),
    can: abilitiesOf(capabilities),
  };
}
