import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AppError } from '../../../core/errors.ts';
import { sendProblem } from '../problem.ts';
import { docsRoutes } from './docs-routes.ts';
import { openApiDocument } from './openapi-document.ts';
import { RestEndpoint } from './rest-endpoint.ts';
import type { RestEndpointDeps } from './rest-endpoint.ts';
import { REST_OPERATIONS, toolOperation } from './rest-operations.ts';

export interface RestRoutesOptions extends Omit<RestEndpointDeps, 'document'> {
  readonly version: string;
}

const TOOL_PATH = '/api/v1/tools/{name}';
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
const nameSchema = z.object({ name: z.string() });

/**
 * REST below `/api`: each tool at `/api/v1/tools/<name>`, routes that are calls of tools under better names, and those of
 * the master; with their description, and a page that shows it. Every failure is a problem (RFC 9457).
 */
export async function restRoutes(app: FastifyInstance, options: RestRoutesOptions): Promise<void> {
  let made: ReturnType<typeof openApiDocument> | undefined;
  const endpoint = new RestEndpoint({ ...options, document: () => (made ??= openApiDocument(options)) });
  docsRoutes(app);
  await app.register((scope, _options, done) => {
    takeJsonAlone(scope);
    scope.addHook('onRequest', async (request, reply) => {
      reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
      if (await options.gate.isTooOften(request, reply)) return reply;
    });
    for (const operation of REST_OPERATIONS) {
      const { method, path } = operation;
      scope.route({
        method,
        url: urlOf(path),
        handler: (request, reply) => endpoint.answer(operation, request, reply),
      });
    }
    scope.post(urlOf(TOOL_PATH), (request, reply) =>
      endpoint.answer(toolOperation(nameSchema.parse(request.params)), request, reply),
    );
    refuseOtherMethods(scope);
    done();
  });
}

/** A body of any other type gets 415. Clients that name the type of a body that they do not send are many. */
function takeJsonAlone(scope: FastifyInstance): void {
  const parse = scope.getDefaultJsonParser('error', 'error');
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('application/json', { parseAs: 'string' }, (request, text, parsed) => {
    if (text === '') parsed(null, undefined);
    else void parse(request, String(text), parsed);
  });
}

/** What is there, but not for this method, says so before its body is read. */
function refuseOtherMethods(scope: FastifyInstance): void {
  const allowed = new Map<string, string[]>([[TOOL_PATH, ['POST']]]);
  for (const { path, method } of REST_OPERATIONS) allowed.set(path, [...(allowed.get(path) ?? []), method]);
  for (const [path, methods] of allowed) {
    const refuse = async (request: FastifyRequest, reply: FastifyReply) => {
      const error = new AppError('unsupported', `${request.method} is not for ${path}.`, {
        hint: `It takes ${methods.join(' and ')}.`,
      });
      return sendProblem(reply.header('allow', methods.join(', ')), error, 405);
    };
    const method = METHODS.filter((each) => !methods.includes(each));
    scope.route({ method, url: urlOf(path), onRequest: refuse, handler: refuse });
  }
}

/** `/runs/{runId}` as the router has it: `/runs/:runId`. */
function urlOf(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}
