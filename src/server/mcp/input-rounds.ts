import { inputRequired } from '@modelcontextprotocol/server';
import type { InputRequests, InputRequiredResult, ServerContext } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { InputNeeded } from '../../surface/index.ts';
import type { InputRequest } from '../../surface/index.ts';
import type { CallRetry } from './dialog.ts';

const requestsSchema = z.record(
  z.string(),
  z.object({
    method: z.enum(['elicitation/create', 'sampling/createMessage', 'roots/list']),
    params: z.record(z.string(), z.unknown()).default({}),
  }),
);
/** The surface has them in the protocol's shape; the library checks them once more. */
const wireRequestsSchema = z.custom<InputRequests>((value) => requestsSchema.safeParse(value).success);

/** What the request carries of an earlier round. */
export function retryOf({ mcpReq }: ServerContext): { retry?: CallRetry } {
  const state = z.string().optional().catch(undefined).parse(mcpReq.requestState());
  const responses = mcpReq.inputResponses;
  return responses === undefined && state === undefined ? {} : { retry: { responses: responses ?? {}, state } };
}

/** An earlier round as a client's request carries it. */
export function retryParams(retry: CallRetry | undefined): Record<string, unknown> {
  if (retry === undefined) return {};
  const { responses, state } = retry;
  return { inputResponses: responses, ...(state === undefined ? {} : { requestState: state }) };
}

/** The answer to a request that can't go on without the client. */
export function inputRequiredOf({ requests, state }: InputNeeded): InputRequiredResult {
  return inputRequired({ inputRequests: wireRequestsSchema.parse(requests), requestState: state });
}

/** What such an answer stands for. */
export function inputNeededOf({ inputRequests, requestState = '' }: InputRequiredResult): InputNeeded {
  const requests: Record<string, InputRequest> = requestsSchema.parse(inputRequests ?? {});
  return new InputNeeded(requests, requestState);
}
