import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError, messageOf } from '../../core/errors.ts';
import type { ErrorCode } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { asAppError } from '../surface-failure.ts';
import { sendProblem } from './problem.ts';

/** What the framework itself refuses has a status of its own; any other 4xx is bad input. */
const CODE_OF_STATUS: Readonly<Record<number, ErrorCode>> = { 413: 'limit_reached', 415: 'unsupported' };

/** One renderer for everything that goes wrong on the way to, in, or instead of a route. */
export function answerErrors(app: FastifyInstance, log: Log): void {
  app.setErrorHandler((error, request, reply) => {
    const refusal = refusalOf(error);
    if (refusal !== undefined) return sendProblem(reply, refusal.error, refusal.status);
    return sendProblem(reply, asAppError(error, { subject: `${request.method} ${pathOf(request.url)}`, log }));
  });
  app.setNotFoundHandler((request, reply) => {
    const what = `${request.method} ${pathOf(request.url)}`;
    return sendProblem(reply, new AppError('not_found', `There is nothing at ${what}.`, { hint: 'MCP is at /mcp.' }));
  });
}

/** A URL that no router can read; the request gets to no hook and no handler. */
export function answerRefusedUrl(error: Error, _request: FastifyRequest, reply: FastifyReply): void {
  void sendProblem(reply, new AppError('invalid_input', `${messageOf(error)}.`));
}

/** A request that the framework refused before any route saw it. */
function refusalOf(error: unknown): { error: AppError; status: number } | undefined {
  if (error instanceof AppError || !(error instanceof Error) || !('statusCode' in error)) return undefined;
  const status = error.statusCode;
  if (typeof status !== 'number' || status < 400 || status > 499) return undefined;
  const code = CODE_OF_STATUS[status] ?? 'invalid_input';
  return { error: new AppError(code, `${messageOf(error)}.`.replace(/\.\.$/, '.')), status };
}

/** Without the query: it may carry what does not belong into an answer or a log. */
function pathOf(url: string): string {
  return url.split('?', 1).join('');
}
