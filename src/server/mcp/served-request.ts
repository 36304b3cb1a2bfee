import type { InputRequiredResult, Server, ServerContext } from '@modelcontextprotocol/server';
import { AppError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { CapabilityNeeded, InputNeeded } from '../../surface/index.ts';
import { asAppError } from '../surface-failure.ts';
import { relayTo } from './call-relay.ts';
import { visibleError } from './guarded-call.ts';
import { inputRequiredOf } from './input-rounds.ts';
import { pageOf } from './list-page.ts';
import type { ListPage, ListQuestion } from './list-page.ts';
import type { CallContext } from './surface-backend.ts';
import { capabilityErrorOf, protocolErrorOf } from './wire-error.ts';

export interface ServedRequest<T> {
  readonly server: Server;
  readonly request: ServerContext;
  /** A tool's name, a URI. */
  readonly subject: string;
  readonly log: Log;
  readonly work: (call: CallContext) => Promise<T>;
  /** The result that stands for a failure; else it throws. */
  readonly failed: (failure: AppError) => T;
}

/** Answers one request of a client. What the work asks of the client becomes the answer to this round. */
export async function serveRequest<T>(served: ServedRequest<T>): Promise<T | InputRequiredResult> {
  const { server, request, subject, log, work, failed } = served;
  const { call, flush } = relayTo(server, request, log);
  try {
    return await work(call);
  } catch (error) {
    if (error instanceof InputNeeded) return inputRequiredOf(error);
    if (error instanceof CapabilityNeeded) throw capabilityErrorOf(error);
    return failed(visibleError(asAppError(error, { subject, log, signal: call.signal })));
  } finally {
    await flush();
  }
}

/** One page of a fixed list. */
export function servePage<T>(all: readonly T[], question: ListQuestion): ListPage<T> {
  try {
    return pageOf(all, question);
  } catch (error) {
    throw error instanceof AppError ? protocolErrorOf(error) : error;
  }
}
