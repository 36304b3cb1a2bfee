import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { MAX_SECRET_BYTES } from '../../core/config/index.ts';
import { describeError, ERROR_TABLE } from '../../core/errors.ts';
import type { AppError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { PageAnswer, SecretService } from '../../secrets/index.ts';
import type { AuditLog } from '../mcp/audit-log.ts';
import { asAppError } from '../surface-failure.ts';
import { GONE_PAGE, PAGE_HEADERS, problemPage, questionPage, storedPage } from './secret-page.ts';

/** What the pages need of the service. */
export type SecretDesk = Pick<SecretService, 'findQuestion' | 'storeAnswer'>;

export interface SecretRoutesOptions {
  readonly secrets: SecretDesk;
  readonly log: Log;
  readonly audit: AuditLog | undefined;
}

/** The longest secret with each byte percent-encoded, and the name of its field. */
const MAX_FORM_BYTES = 3 * MAX_SECRET_BYTES + 100;
/** In place of the path, which holds the ticket, wherever something is said of a request. */
const SUBJECT = 'The page for a secret';

const paramsSchema = z.object({ pass: z.string() });

/**
 * `/secrets/<ticket>`: shows what is asked for, and stores what is entered. A browser has no bearer token: the ticket in the
 * URL is the credential. The form is taken from the page itself alone, never from one elsewhere.
 */
export async function secretRoutes(app: FastifyInstance, { secrets, log, audit }: SecretRoutesOptions): Promise<void> {
  await app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    const asText = { parseAs: 'string', bodyLimit: MAX_FORM_BYTES } as const;
    scope.addContentTypeParser('application/x-www-form-urlencoded', asText, (_request, text, parsed) =>
      parsed(null, text),
    );
    scope.addHook('onRequest', async (request, reply) => {
      reply.headers(PAGE_HEADERS);
      if (request.method !== 'POST') return;
      // Before the ticket and the body are looked at: a page elsewhere learns nothing by it.
      if (!isFromOwnPage(request)) return send(reply, 403, FOREIGN_PAGE);
      if (secrets.findQuestion(passOf(request)) === undefined) return send(reply, 404, GONE_PAGE);
    });
    scope.setErrorHandler((error, _request, reply) => sendFailure(reply, error, log));
    scope.get('/secrets/:pass', { config: { isPublic: true } }, (request, reply) => {
      const question = secrets.findQuestion(passOf(request));
      return question === undefined ? send(reply, 404, GONE_PAGE) : send(reply, 200, questionPage(question));
    });
    scope.post('/secrets/:pass', { config: { isPublic: true } }, (request, reply) => {
      const pass = passOf(request);
      try {
        const answer = secrets.storeAnswer(pass, enteredIn(request.body));
        if (answer === undefined) return send(reply, 404, GONE_PAGE);
        record(audit, answer);
        return send(reply, 200, storedPage(answer));
      } catch (error) {
        const failure = asAppError(error, { subject: SUBJECT, log });
        const question = secrets.findQuestion(pass);
        if (question === undefined) throw failure;
        return send(reply, statusOf(failure), questionPage(question, describeError(failure)));
      }
    });
    done();
  });
}

const FOREIGN_PAGE = problemPage('Not from here', 'A secret is taken from the page of LightDom itself alone.');

function passOf({ params }: FastifyRequest): string {
  return paramsSchema.parse(params).pass;
}

function enteredIn(body: unknown): string {
  return new URLSearchParams(typeof body === 'string' ? body : '').get('value') ?? '';
}

/**
 * Browsers say where a form comes from, by `Origin`, by `Sec-Fetch-Site`, or both: one at least, and whatever is said must
 * be this very server, its port included. Host itself has been checked before.
 */
function isFromOwnPage({ headers }: FastifyRequest): boolean {
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  if (origin === undefined && site === undefined) return false;
  const isOwnOrigin = origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
  return isOwnOrigin && (site === undefined || site === 'same-origin');
}

/** What the framework or a gate refuses, and what nobody expected: as a page, and without the URL. */
function sendFailure(reply: FastifyReply, error: unknown, log: Log): FastifyReply {
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 0;
  if (status === 413)
    return send(reply, 413, problemPage('Too long', `A secret has at most ${MAX_SECRET_BYTES} bytes.`));
  if (status >= 400 && status < 500) {
    return send(reply, status, problemPage('Not understood', 'Enter the secret on the page itself.'));
  }
  const failure = asAppError(error, { subject: SUBJECT, log });
  return send(reply, statusOf(failure), problemPage('That did not work', describeError(failure)));
}

function statusOf({ code }: AppError): number {
  return ERROR_TABLE[code].httpStatus;
}

function send(reply: FastifyReply, status: number, html: string): FastifyReply {
  return reply.code(status).type('text/html; charset=utf-8').send(html);
}

function record(audit: AuditLog | undefined, { key, principal }: PageAnswer): void {
  audit?.record({
    caller: { principal, client: undefined },
    origin: { transport: 'http' },
    kind: 'request',
    name: `secret page: ${key}`,
    input: undefined,
    deniedBy: undefined,
    durationMs: 0,
    outcome: 'ok',
  });
}
