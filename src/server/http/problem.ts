import { STATUS_CODES } from 'node:http';
import type { FastifyReply } from 'fastify';
import { ERROR_TABLE } from '../../core/errors.ts';
import type { AppError } from '../../core/errors.ts';

/** The body of every error answer (RFC 9457), with our code, hint and incident id as extension members. */
interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly retryable: boolean;
  readonly hint?: string;
  readonly incidentId?: unknown;
}

/** Answers with an AppError. `status` overrides the one of its code where HTTP has a more exact one. */
export function sendProblem(reply: FastifyReply, error: AppError, status?: number): FastifyReply {
  const row = ERROR_TABLE[error.code];
  const effective = status ?? row.httpStatus;
  const { incidentId } = error.details;
  const problem: Problem = {
    type: `urn:lightdom:problem:${error.code}`,
    title: STATUS_CODES[effective] ?? error.code,
    status: effective,
    detail: error.message,
    code: error.code,
    retryable: row.retryable,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(incidentId === undefined ? {} : { incidentId }),
  };
  return reply.code(effective).type('application/problem+json').send(JSON.stringify(problem));
}
