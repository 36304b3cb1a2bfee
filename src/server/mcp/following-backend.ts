import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../core/errors.ts';
import type { Catalog } from '../../surface/index.ts';
import { firstOf } from './first-of.ts';
import { FollowedUpdates } from './followed-updates.ts';
import { withJoined } from '../../core/joined-signal.ts';
import { callLossOf } from './call-loss.ts';
import type { CallLoss } from './call-loss.ts';
import type { MasterLink, MasterSource } from './master-source.ts';
import type { SurfaceBackend } from './surface-backend.ts';

export interface FollowingBackendDeps {
  readonly catalog: Catalog;
  readonly source: MasterSource;
}

/** A call that waits longer for a master gets an answer to come back with; clients give up on silence. */
const WAIT_MS = 15_000;
/** A master that refuses calls and is still there is about to stop, which takes it seconds. */
const REPEAT_INTERVAL_MS = 250;

/**
 * Goes to whoever is the master. Lists can be served at once: calls wait for a master that is being found, started or
 * succeeded. A call that never reached the master that went away is sent to the next one; one that it was at work on is
 * repeated once when that is harmless, and is else reported as of unknown outcome.
 */
export function createFollowingBackend({ catalog, source }: FollowingBackendDeps): SurfaceBackend {
  const tools = catalog.toolsets.flatMap((entry) => entry.tools);
  const repeatable = new Set(tools.filter((tool) => tool.effect === 'read' || tool.idempotent).map(({ name }) => name));
  const updates = new FollowedUpdates(source);
  const ask = <T>(request: FollowedRequest, send: Send<T>): Promise<T> => askMaster(source, request, send);
  return {
    callTool: (name, input, call) =>
      ask({ subject: name, signal: call.signal, isRepeatable: repeatable.has(name) }, (backend, signal) =>
        backend.callTool(name, input, { ...call, signal }),
      ),
    readResource: (uri, call) =>
      ask({ subject: uri, signal: call.signal, isRepeatable: true }, (backend, signal) =>
        backend.readResource(uri, { ...call, signal }),
      ),
    getPrompt: (name, args, call) =>
      ask({ subject: name, signal: call.signal, isRepeatable: true }, (backend, signal) =>
        backend.getPrompt(name, args, { ...call, signal }),
      ),
    complete: (question, call) =>
      ask({ subject: 'the completion', signal: call.signal, isRepeatable: true }, (backend, signal) =>
        backend.complete(question, { ...call, signal }),
      ),
    watch: (uri, onUpdate) => updates.watch(uri, onUpdate),
  };
}

interface FollowedRequest {
  readonly subject: string;
  /** The caller's. */
  readonly signal: AbortSignal;
  readonly isRepeatable: boolean;
}

type Send<T> = (backend: SurfaceBackend, signal: AbortSignal) => Promise<T>;

async function askMaster<T>(source: MasterSource, request: FollowedRequest, send: Send<T>): Promise<T> {
  const { signal } = request;
  let deadline: AbortSignal | undefined;
  for (let interruptions = 0; ;) {
    const link = await findLink(source, signal, deadline);
    const outcome = await attempt(link, signal, send);
    if (outcome.kind === 'answered') return outcome.answer;
    if (outcome.kind === 'interrupted') interruptions += 1;
    if (interruptions > (request.isRepeatable ? 1 : 0)) throw brokenOff(request, outcome.error);
    // From here on one wait for all: what comes after the loss may not take longer than a start.
    deadline ??= AbortSignal.timeout(WAIT_MS);
    source.lookNow();
    const isSettled = AbortSignal.any([signal, link.gone, deadline]);
    await delay(REPEAT_INTERVAL_MS, undefined, { signal: isSettled }).catch(() => signal.throwIfAborted());
    if (deadline.aborted) throw outcome.error;
  }
}

async function findLink(source: MasterSource, signal: AbortSignal, deadline?: AbortSignal): Promise<MasterLink> {
  const signals = deadline === undefined ? [signal] : [signal, deadline];
  const link = await withJoined({ signals, timeoutMs: WAIT_MS }, (isOver) => firstOf(source.current(), isOver));
  if (link !== undefined) return link;
  signal.throwIfAborted();
  const failure = source.lastFailure();
  const why = failure === undefined ? '' : ` The attempt before this one failed: ${failure.message}`;
  throw new AppError('not_ready', `The system is still starting.${why}`, {
    hint: 'Call again in a few seconds.',
    cause: failure,
  });
}

type Outcome<T> =
  | { readonly kind: 'answered'; readonly answer: T }
  | { readonly kind: CallLoss; readonly error: unknown };

/** The end of the link ends the wait: a broken stream alone would leave the client waiting for its timeout. */
async function attempt<T>({ backend, gone }: MasterLink, signal: AbortSignal, send: Send<T>): Promise<Outcome<T>> {
  try {
    const answer = await withJoined({ signals: [signal, gone] }, (isOver) => firstOf(send(backend, isOver), gone));
    if (answer !== undefined) return { kind: 'answered', answer };
    return { kind: 'interrupted', error: gone.reason };
  } catch (error) {
    const loss = signal.aborted ? undefined : callLossOf(error);
    if (loss === undefined) throw error;
    return { kind: loss, error };
  }
}

function brokenOff({ subject, isRepeatable }: FollowedRequest, cause: unknown): AppError {
  if (isRepeatable) {
    return new AppError('not_ready', `The master went away while ${subject} ran, and the next one did too.`, {
      hint: 'Call it again in a few seconds: repeating it is harmless.',
      cause,
    });
  }
  return new AppError('not_ready', `The master went away while ${subject} ran: it may or may not have taken effect.`, {
    hint: 'Look with run_list or system_status before you call it again.',
    cause,
  });
}
