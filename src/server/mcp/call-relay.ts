import type { ServerContext } from '@modelcontextprotocol/server';
import type { Log } from '../../core/log.ts';
import type { CallContext } from './surface-backend.ts';

/** The caller's side of one request. `flush` resolves when everything said so far is on the wire. */
export interface CallRelay {
  readonly call: CallContext;
  readonly flush: () => Promise<void>;
}

/** Connects a running call to the request it answers: cancellation in, progress and log out, in order. */
export function relayTo(request: ServerContext, log: Log): CallRelay {
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
    },
    flush: () => sent,
  };
}
