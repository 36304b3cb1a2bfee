import { STATUS_CODES } from 'node:http';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { ERROR_TABLE } from '../../core/errors.ts';
import type { AppError } from '../../core/errors.ts';

export const PROBLEM_TYPE = 'application/problem+json';

/** The body of every error answer (RFC 9457), with our code, hint and incident id as extension members. */
export const problemSchema = z.object({
  type: z.string().describe('`urn:lightdom:problem:` with the code.'),
  title: z.string().describe('The name of the HTTP status.'),
  status: z.int().describe('The HTTP status.'),
  detail: z.string().describe('What failed, with the value, and why.'),
  code: z.string().describe('One of the codes of docs/errors.md.'),
  retryable: z.boolean().describe('Whether the same request may succeed later.'),
  hint: z.string().optional().describe('What to do next.'),
  incidentId: z.string().optional().describe('Under which the log of the server has what nobody expected.'),
  subsystem: z.string().optional().describe('The part of the platform that this needs and that is not there.'),
});
type Problem = z.infer<typeof problemSchema>;

/** An AppError as a body. `status` overrides the one of its code where HTTP has a more exact one. */
export function problemOf(error: AppError, status?: number): Problem {
  const row = ERROR_TABLE[error.code];
  const effective = status ?? row.httpStatus;
  const { incidentId, subsystem } = error.details;
  return {
    type: `urn:lightdom:problem:${error.code}`,
    title: STATUS_CODES[effective] ?? error.code,
    status: effective,
    detail: error.message,
    code: error.code,
    retryable: row.retryable,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(typeof incidentId === 'string' ? { incidentId } : {}),
    ...(typeof subsystem === 'string' ? { subsystem } : {}),
  };
}

/** Answers with an AppError. */
export function sendProblem(reply: FastifyReply, error: AppError, status?: number): FastifyReply {
  const problem = problemOf(error, status);
  return reply.code(problem.status).type(PROBLEM_TYPE).send(JSON.stringify(problem));
}
