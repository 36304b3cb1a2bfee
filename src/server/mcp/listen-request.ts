import type { JSONRPCErrorResponse } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { protocolErrorOf } from './wire-error.ts';

/** A request that opens a stream of updates, as far as it is about resources. */
export const listenSchema = z.looseObject({
  id: z.union([z.string(), z.number()]),
  method: z.literal('subscriptions/listen'),
  params: z.looseObject({
    notifications: z.looseObject({ resourceSubscriptions: z.array(z.string()).default([]) }),
  }),
});

/** The answer in place of a stream. Throws what is not for the client to know. */
export function refusedListen(id: string | number, error: unknown): JSONRPCErrorResponse {
  if (!(error instanceof AppError)) throw error;
  const { code, message, data } = protocolErrorOf(error);
  return { jsonrpc: '2.0', id, error: { code, message, data } };
}
